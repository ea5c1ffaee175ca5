import requests
from celery import Celery
from fastapi import Depends, FastAPI

from api import admin, items, register_extra, routers, tools
from core.config import settings
from core.security import current_user, get_user, optional_user, rate_limit

app = FastAPI(title="shop", dependencies=[Depends(rate_limit)])
tasks = Celery()

app.include_router(items.router, prefix=settings.PREFIX)
app.include_router(admin.router, prefix=f"{settings.PREFIX}/admin", dependencies=[Depends(admin.only_admins)])
for router in routers:
    app.include_router(router, prefix="/looped")
for path, module in [("/one", tools), ("/two", tools)]:
    app.include_router(module.router, prefix=path)
register_extra(app)


@app.get("/")
async def index(user=Depends(optional_user)):  # route: GET / open
    return {}


@app.get("/me")
async def me(user=Depends(current_user)):  # route: GET /me protected current_user
    return user


@app.get("/mine")
async def mine(user=Depends(get_user)):  # route: GET /mine protected get_user
    return user


@app.api_route("/both", methods=["GET", "POST"])
def both():  # route: GET,POST /both open
    return {}


@app.api_route("/default")
def default():  # route: GET /default open
    return {}


@app.post("/login")
def login(name: str, password: str):  # route: POST /login open
    user = requests.get("https://users/", params={"name": name})
    if not user:
        raise HTTPException(status_code=401)
    return {}


@app.on_event("startup")
def start():
    requests.get("/nothing")


@app.exception_handler(ValueError)
def failed(request, error):
    return {}


@tasks.task
def work():
    return 1


def test_app():
    local = FastAPI()

    @local.get("/in-a-test")
    def inner():
        return {}
