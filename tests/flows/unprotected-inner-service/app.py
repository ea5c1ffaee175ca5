# A service inside a network: all of it says so, and one word about that is enough.
from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/internal")


@router.post("/a")
def a():  # expect: unprotected-route
    return run("a")


@router.post("/b")
def b():
    return run("b")


@router.post("/c")
def c():
    return run("c")


@router.post("/d")
def d():
    return run("d")


@router.get("/e")
def e():
    return run("e")


@router.get("/f")
def f():
    return run("f")


@router.get("/g")
def g():
    return run("g")


@router.get("/h")
def h():
    return run("h")


@router.get("/i")
def i():
    return run("i")


app = FastAPI()
app.include_router(router)
