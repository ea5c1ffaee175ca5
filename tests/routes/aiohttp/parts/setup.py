from aiohttp import web


async def late(request):  # route: GET /late open
    return web.Response()


async def one(request):  # route: GET /loop/one open
    return web.Response()


async def two(request):  # route: GET /loop/two open
    return web.Response()


HANDLERS = [("/loop/one", one), ("/loop/two", two)]


def setup(application):
    application.router.add_get("/late", late)
    for path, handler in HANDLERS:
        application.router.add_get(path, handler)
