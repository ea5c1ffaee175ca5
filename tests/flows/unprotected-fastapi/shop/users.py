from fastapi import APIRouter, Depends

from .deps import Caller, Session, caller

router = APIRouter(prefix="/users")


@router.get("/", dependencies=[Depends(caller)])
def listing(session: Session):
    return session.users()


@router.delete("/{n}", dependencies=[Depends(caller)])
def drop(session: Session, n: int):
    return session.erase(n)


@router.post("/signup")
def sign_up(session: Session, name: str, password: str):
    return session.add_user(name, password)


@router.patch("/me")
def change(session: Session, caller: Caller, name: str):
    return session.rename(caller, name)
