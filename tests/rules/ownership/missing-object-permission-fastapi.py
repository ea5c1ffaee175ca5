"""Patients' reports with FastAPI, SQLAlchemy and SQLModel."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlmodel import Field, Session, SQLModel

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool]


class Report(Base):
    __tablename__ = "reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    owner: Mapped["User"] = relationship()


class Country(Base):
    __tablename__ = "countries"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    title: str


class Change(BaseModel):
    report_id: int
    text: str


async def get_db() -> AsyncSession: ...


async def get_current_user(token: str = Depends(oauth2), db: AsyncSession = Depends(get_db)) -> User:
    user = await db.get(User, int(token))
    if user is None:
        raise HTTPException(status_code=401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
Db = Annotated[AsyncSession, Depends(get_db)]


@app.get("/reports/{report_id}")
async def show_report(report_id: int, user: CurrentUser, db: Db):
    report = await db.get(Report, report_id)  # expect: missing-object-permission
    if report is None:
        raise HTTPException(status_code=404)
    return report


@app.get("/my/reports/{report_id}")
async def show_own_report(report_id: int, user: CurrentUser, db: Db):
    report = await db.get(Report, report_id)
    if report is None or report.owner_id != user.id:
        raise HTTPException(status_code=404)
    return report


@app.delete("/reports/{report_id}", dependencies=[Depends(get_current_user)])
async def delete_report(report_id: int, db: Db):
    await db.execute(delete(Report).where(Report.id == report_id))  # expect: missing-object-permission
    await db.commit()


@app.delete("/my/reports/{report_id}")
async def delete_own_report(report_id: int, user: CurrentUser, db: Db):
    await db.execute(delete(Report).where(Report.id == report_id, Report.owner_id == user.id))
    await db.commit()


@app.put("/reports")
async def change_report(change: Change, db: Db, _: User = Depends(get_current_user)):
    result = await db.execute(select(Report).where(Report.id == change.report_id))  # expect: missing-object-permission
    report = result.scalar_one()
    report.text = change.text
    await db.commit()


@app.put("/my/reports")
async def change_own_report(change: Change, db: Db, user: User = Depends(get_current_user)):
    query = select(Report).where(Report.id == change.report_id).where(Report.owner_id == user.id)
    report = (await db.execute(query)).scalar_one()
    report.text = change.text
    await db.commit()


@app.get("/countries/{country_id}")
async def show_country(country_id: int, user: CurrentUser, db: Db):
    return await db.get(Country, country_id)


# The dependency fetches it, and asks nobody.
async def get_report(report_id: int, db: Db) -> Report:
    report = await db.get(Report, report_id)  # expect: missing-object-permission
    if report is None:
        raise HTTPException(status_code=404)
    return report


@app.get("/v2/reports/{report_id}")
async def show_valid_report(user: CurrentUser, report: Report = Depends(get_report)):
    return report


# This one asks.
async def get_own_report(report_id: int, user: CurrentUser, db: Db) -> Report:
    result = await db.execute(select(Report).where(Report.id == report_id, Report.owner_id == user.id))
    return result.scalar_one()


@app.get("/v3/reports/{report_id}")
async def show_own_valid_report(report: Report = Depends(get_own_report)):
    return report


# A dependency of the router that looks at the report before the handler does.
async def demand_reader(report_id: int, user: CurrentUser, db: Db):
    report = await db.get(Report, report_id)
    if report.owner_id != user.id:
        raise HTTPException(status_code=403)


readers = APIRouter(prefix="/v4", dependencies=[Depends(demand_reader)])


@readers.get("/reports/{report_id}")
async def show_report_to_reader(report_id: int, db: Db):
    return await db.get(Report, report_id)


app.include_router(readers)


# Roles and scopes.
async def get_admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise HTTPException(status_code=403)
    return user


@app.get("/v5/reports/{report_id}")
async def show_report_to_admin(report_id: int, db: Db, user: User = Depends(get_admin)):
    return await db.get(Report, report_id)


@app.get("/v6/reports/{report_id}")
async def show_report_by_scope(report_id: int, db: Db, user: User = Security(get_current_user, scopes=["reports"])):
    return await db.get(Report, report_id)


# Items with SQLModel.
@app.patch("/items/{id}")
def change_item(id: int, title: str, user: CurrentUser, session: Annotated[Session, Depends(get_db)]):
    item = session.get(Item, id)  # expect: missing-object-permission
    item.title = title
    session.commit()
    return item


@app.patch("/my/items/{id}")
def change_own_item(id: int, title: str, user: CurrentUser, session: Annotated[Session, Depends(get_db)]):
    item = session.get(Item, id)
    if not user.is_admin and item.owner_id != user.id:
        raise HTTPException(status_code=403)
    item.title = title
    session.commit()
    return item


# A service that is made for the caller, and one that is not.
class Reports:
    def __init__(self, db: Db, user: CurrentUser):
        self.db = db
        self.user = user

    async def find(self, report_id: int) -> Report:
        found = await self.db.execute(select(Report).where(Report.id == report_id, Report.owner_id == self.user.id))
        return found.scalar_one()


class AllReports:
    def __init__(self, db: Db):
        self.db = db

    async def find(self, report_id: int) -> Report:
        return await self.db.get(Report, report_id)  # expect: missing-object-permission


@app.get("/v7/reports/{report_id}")
async def show_report_by_service(report_id: int, reports: Annotated[Reports, Depends()]):
    return await reports.find(report_id)


@app.get("/v8/reports/{report_id}")
async def show_report_of_all(report_id: int, user: CurrentUser, reports: Annotated[AllReports, Depends()]):
    return await reports.find(report_id)
