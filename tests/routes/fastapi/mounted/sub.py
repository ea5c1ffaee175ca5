from fastapi import FastAPI

sub = FastAPI()
wrapped = FastAPI()


@sub.get("/s")
def inside():  # route: GET /sub/s open
    return {}


@wrapped.get("/w")
def inner():  # route: GET /below/inner/w open
    return {}
