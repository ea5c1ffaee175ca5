from aiohttp import web

from security import login_required, require_user

routes = web.RouteTableDef()
unused = web.RouteTableDef()


@routes.get("/api/me")
@login_required
async def me(request):  # route: GET /api/me protected login_required
    return web.json_response({})


@routes.post("/api/orders")
async def order(request):  # route: POST /api/orders protected require_user
    user = await require_user(request)
    return web.json_response({"user": user})


@routes.view("/api/view")
class View(web.View):
    async def patch(self):  # route: PATCH /api/view open
        return web.json_response({})


@unused.get("/unused")
async def nothing(request):  # route: GET /unused open unmounted
    return web.Response()


async def listed(request):  # route: PUT /api/listed protected login_required
    return web.Response()


more = [web.put("/api/listed", login_required(listed))]
