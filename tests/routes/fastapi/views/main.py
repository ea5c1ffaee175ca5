from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi_utils.cbv import cbv

router = APIRouter()
app = FastAPI()


def require_admin(token: str):
    if token != "x":
        raise HTTPException(403)


@cbv(router)
class Orders:
    user: str = Depends(require_admin)

    @router.get("/orders/{number}")
    def one(self, number: int):  # route: GET /orders/{number} protected require_admin
        return {}


@cbv(router)
class Open:
    @router.get("/open")
    def one(self):  # route: GET /open open
        return {}


class Server:
    def __init__(self):
        self.app = FastAPI()
        self.app.add_api_route("/status", self.status, methods=["GET"])
        self.routes()

    def routes(self):
        @self.app.post("/inner")
        def inner():  # route: POST /inner open
            return {}

    def status(self):  # route: GET /status open
        return {}


class Api(FastAPI):
    def __init__(self):
        super().__init__(dependencies=[Depends(require_admin)])
        self.add_api_route("/own", self.own)

    def own(self):  # route: GET /own protected require_admin
        return {}


app.include_router(router)
api = Api()
