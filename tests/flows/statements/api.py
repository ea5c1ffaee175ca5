"""Statements that SQLAlchemy builds of expressions keep values apart from SQL; text in them does not."""
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import insert, or_, select, text, update
from sqlalchemy.orm import Session

from models import Book
from store import rename, search, session

app = FastAPI()


class Change(BaseModel):
    title: str
    shelf: str


@app.post("/books")
def add(change: Change, db: Session = Depends(session)):
    statement = insert(Book).values(**change.model_dump(exclude_unset=True))
    statement = statement.on_conflict_do_update(set_=change.model_dump())
    db.execute(statement)


@app.get("/books/{title}")
def find(title: str, db: Session = Depends(session)):
    query = select(Book)
    if title:
        query = query.where(or_(Book.title == title, Book.title.in_([title])))
    return db.scalars(query.order_by(Book.title)).all()


@app.put("/books/{title}")
def change(title: str, new: str, db: Session = Depends(session)):
    rename(db, title, new)


@app.get("/search")
def searched(words: str, db: Session = Depends(session)):
    search(db, words)
    return db.execute("SELECT * FROM books WHERE title = '" + words + "'")  # expect: sql-injection/flow


@app.get("/shelves/{shelf}")
def move(shelf: str, db=Depends(session)):
    db.execute(update(Book).where(Book.shelf == shelf).values(shelf=shelf))
    db.execute(text(f"UPDATE books SET shelf = '{shelf}'"))  # expect: sql-injection/flow
