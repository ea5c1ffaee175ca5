from sanic import Sanic, response
from sanic.views import HTTPMethodView

from api import api
from guarded import guarded
from plain import plain

app = Sanic("shop")


@app.get("/")
async def index(request):  # route: GET / open
    return response.text("hello")


@app.route("no/slash", methods=["GET", "PATCH"])
async def slash(request):  # route: GET,PATCH /no/slash open
    return response.text("hello")


@app.websocket("/feed")
async def feed(request, ws):  # route: WEBSOCKET /feed open
    await ws.send("hello")


class Orders(HTTPMethodView):
    def get(self, request, number):  # route: GET /orders/<number:int> open
        return response.empty()

    def delete(self, request, number):  # route: DELETE /orders/<number:int> open
        return response.empty()


class Attached(HTTPMethodView, attach=app, uri="/attached", version=7):
    def put(self, request):  # route: PUT /v7/attached open
        return response.empty()


async def added(request):  # route: POST /v2/added open
    return response.empty()


app.add_route(Orders.as_view(), "/orders/<number:int>")
app.add_route(added, "/added", methods=["POST"], version=2)
app.static("/files", "/tmp")  # route: GET /files/<__file_uri__:path> open
app.blueprint(api)
app.blueprint(guarded, url_prefix="/guarded")
app.blueprint([plain])


@app.listener("before_server_start")
async def start(app):
    pass


@app.signal("shop.order.made")
async def on_order():
    pass
