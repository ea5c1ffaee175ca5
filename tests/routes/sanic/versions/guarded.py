from sanic import Blueprint, response
from sanic.exceptions import Forbidden

guarded = Blueprint("guarded", url_prefix="/replaced")


@guarded.on_request
async def check_token(request):
    if request.token != "secret":
        raise Forbidden("no")


@guarded.middleware("response")
async def header(request, response):
    response.headers["x"] = "y"


@guarded.get("/one")
async def one(request):  # route: GET /guarded/one protected check_token
    return response.empty()
