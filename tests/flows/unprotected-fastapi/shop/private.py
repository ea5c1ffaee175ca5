from fastapi import APIRouter

from .deps import Session

router = APIRouter(tags=["private"], prefix="/private")


@router.post("/users/")
def create_user(session: Session, name: str, password: str):  # expect: unprotected-route
    return session.add_user(name, password)
