from fastapi import APIRouter, FastAPI

from . import admin, items, tools

first = APIRouter(prefix="/first")
second = APIRouter()
routers = [first, second]
unused = APIRouter(prefix="/unused")


@first.get("/a")
def first_a():  # route: GET /looped/first/a open
    return {}


@second.get("")
def second_root():  # route: GET /looped open
    return {}


@unused.get("/a")
def unused_a():  # route: GET /unused/a open unmounted
    return {}


def register_extra(application: FastAPI):
    @application.get("/extra")
    def extra():  # route: GET /extra open
        return {}

    application.add_api_route("/added", added, methods=["PUT"])
    application.post("/called")(called)


def added():  # route: PUT /added open
    return {}


def called():  # route: POST /called open
    return {}
