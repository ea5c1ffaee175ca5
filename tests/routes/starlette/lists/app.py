from starlette.applications import Starlette
from starlette.authentication import requires
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles

from more import OTHERS, BasicBackend, StrictBackend, secret


def index(request):  # route: GET / open
    return None


@requires("authenticated")
async def me(request):  # route: GET,POST /me protected requires
    return None


class Item(HTTPEndpoint):
    async def get(self, request):  # route: GET /items/{number:int} open
        return None

    @requires(["authenticated", "admin"], status_code=404)
    async def delete(self, request):  # route: DELETE /items/{number:int} protected requires
        return None


class Live(WebSocketEndpoint):  # route: WEBSOCKET /live open
    pass


async def socket(ws):  # route: WEBSOCKET /ws open
    await ws.accept()


def inner(request):  # route: GET /api/v1/inner open
    return None


def added(request):  # route: PATCH /added open
    return None


routes = [
    Route("/", index),
    Route("/me", endpoint=me, methods=["GET", "POST"]),
    Route("/items/{number:int}", Item),
    WebSocketRoute("/live", Live),
    WebSocketRoute("/ws", socket),
    Mount("/api/", routes=[Mount("/v1", app=Router([Route("/inner", inner)])), *OTHERS]),
    Mount("/static", StaticFiles(directory="static")),
]
routes.append(Route("/added", added, methods=["PATCH"]))

app = Starlette(routes=routes, middleware=[Middleware(AuthenticationMiddleware, backend=BasicBackend())])
strict = Starlette(
    routes=[Route("/secret", secret)],
    middleware=[Middleware(AuthenticationMiddleware, backend=StrictBackend())],
)
