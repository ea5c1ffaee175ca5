from typing import Annotated

from fastapi import APIRouter, Depends, WebSocket

from core import security
from core.security import (
    CurrentUser,
    Kinds,
    MaybeUser,
    RoleChecker,
    Service,
    checked_key,
    require_role,
)

router = APIRouter(prefix="/items")
writers = RoleChecker(["writer"])
INHERITED = [Depends(checked_key)]


class Registry:
    def get(self, path):
        return lambda function: function


registry = Registry()


@router.get("/")
def all_items():  # route: GET /api/items/ open
    return []


@router.post("/")
def create(user: CurrentUser):  # route: POST /api/items/ protected current_user
    return {}


@router.get("/{number}")
def one(number: int, user: MaybeUser):  # route: GET /api/items/{number} open
    return {}


@router.put("/{number}", dependencies=[Depends(writers)])
def change(number: int):  # route: PUT /api/items/{number} protected writers
    return {}


@router.patch("/{number}", dependencies=INHERITED)
def patch(number: int):  # route: PATCH /api/items/{number} protected checked_key
    return {}


@router.delete("/{number}")
def remove(number: int, user: Annotated[object, Depends(require_role("admin"))]):  # route: DELETE /api/items/{number} protected require_role
    return {}


@router.get("/service")
def with_service(auth: Service, kinds=Depends(Kinds(["a"]))):  # route: GET /api/items/service open
    return {}


@router.get("/scheme")
def with_scheme(token: str = Depends(security.scheme)):  # route: GET /api/items/scheme protected security.scheme
    return {}


@router.get("/lenient")
def with_lenient(token=Depends(security.lenient)):  # route: GET /api/items/lenient open
    return {}


@router.get("/checked")
def checked(user: MaybeUser):  # route: GET /api/items/checked protected user
    if user is None:
        raise security.Denied()
    return {}


@router.websocket("/live")
async def live(socket: WebSocket):  # route: WEBSOCKET /api/items/live open
    await socket.accept()


@router.websocket("/live/private", dependencies=[Depends(checked_key)])
async def private(socket: WebSocket):  # route: WEBSOCKET /api/items/live/private protected checked_key
    await socket.accept()


@router.websocket("/live/closed")
async def closed(socket: WebSocket, token: str):  # route: WEBSOCKET /api/items/live/closed protected token
    if token != "x":
        await socket.close(code=1008)
        return
    await socket.accept()


@registry.get("/nothing")
def nothing():
    return "this is no route"
