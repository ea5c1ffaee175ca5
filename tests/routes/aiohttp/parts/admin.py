from aiohttp import web


@web.middleware
async def admins_only(request, handler):
    if request.path == "/admin/health":
        return await handler(request)
    if request.get("user") != "admin":
        raise web.HTTPForbidden()
    return await handler(request)


@web.middleware
async def timing(request, handler):
    return await handler(request)


async def users(request):  # route: GET /admin/users protected admins_only
    return web.Response()


async def health(request):  # route: GET /admin/health open
    return web.Response()


admin = web.Application(middlewares=[timing, admins_only])
admin.router.add_get("/users", users)
admin.router.add_get("/health", health)
