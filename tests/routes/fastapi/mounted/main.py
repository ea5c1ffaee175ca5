from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request

from sub import sub, wrapped


def verify_token(request: Request):
    if request.headers.get("authorization") != "x":
        raise HTTPException(status_code=401)


def listed():  # route: GET /below/listed protected verify_token
    return {}


def plain(request):  # route: GET /plain open; POST /below/plain open
    return {}


app = FastAPI(dependencies=[Depends(verify_token)])
router = APIRouter(prefix="/own", dependencies=[Depends(verify_token)])
more = APIRouter(routes=[APIRoute("/listed", listed, methods=["GET"])])


@router.get("/a")
def own():  # route: GET /below/own/a protected verify_token
    return {}


app.add_route("/plain", plain)
# What Starlette adds to a router gets neither the prefix nor the dependencies of the router.
router.add_route("/plain", plain, methods=["POST"])
router.mount("/inner", wrapped)
app.include_router(router, prefix="/below")
app.include_router(more, prefix="/below")
app.mount("/static", StaticFiles(directory="static"))
app.mount("/sub/", sub)
