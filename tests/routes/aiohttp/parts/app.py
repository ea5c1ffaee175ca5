from aiohttp import ClientSession, web

from admin import admin
from api import more, routes
from setup import setup

app = web.Application()


async def index(request):  # route: GET / open
    return web.Response(text="hello")


async def both(request):  # route: POST /both open; ANY /any open
    async with ClientSession() as session:
        await session.get("/no/route")
    return web.Response(text="both")


class Item(web.View):
    async def get(self):  # route: GET /items/{number:\d+} open
        return web.Response()

    async def delete(self):  # route: DELETE /items/{number:\d+} open
        return web.Response()

    async def helper(self):
        return web.Response()


app.router.add_get("/", index)
app.add_routes([web.post("/both", both), web.view(r"/items/{number:\d+}", Item)])
app.router.add_route("*", "/any", both)
app.add_routes(routes)
app.add_routes([*more, web.static("/files", "/tmp")])  # route: GET /files/{filename} open
resource = app.router.add_resource("/resource")


async def resource_get(request):  # route: GET /resource open
    return web.Response()


resource.add_route("GET", resource_get)
app.add_subapp("/admin", admin)
setup(app)
