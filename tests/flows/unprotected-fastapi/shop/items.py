from fastapi import APIRouter

from .deps import Caller, Session

router = APIRouter(prefix="/items")


@router.get("/")
def listing(session: Session):
    return session.all()


@router.post("/")
def create(session: Session, caller: Caller, name: str):
    return session.add(name)


@router.put("/{n}")
def rename(session: Session, caller: Caller, n: int, name: str):
    return session.set(n, name)


@router.patch("/{n}/stock")
def stock(session: Session, n: int, count: int):  # expect: unprotected-route
    return session.set_stock(n, count)


@router.post("/search")
def search(session: Session, text: str):
    return session.find(text)
