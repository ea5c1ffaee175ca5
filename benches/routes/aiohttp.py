#!/usr/bin/env python3
"""Routes of aiohttp applications at run time against `backend-audit routes`; see `measure.py`.

A view class answers to the methods that it has, whatever its route is registered for.

    python3 benches/routes/aiohttp.py --bin target/release/backend-audit [NAME …]
"""

from measure import App, main, own

DUMP = r"""
import inspect
from aiohttp import web
from aiohttp.web_urldispatcher import StaticResource
found = []
def walk(router):
    for route in router.routes():
        info = route.get_info()
        resource = route.resource
        path = resource.canonical if resource is not None else ""
        if isinstance(resource, StaticResource):
            found.append([[route.method], path + "/{filename}", MAIN])
            continue
        handler = route.handler
        if isinstance(handler, type) and issubclass(handler, web.View):
            names = [n.upper() for n in ("get", "post", "put", "patch", "delete") if hasattr(handler, n)]
        else:
            names = ["ANY" if route.method == "*" else route.method]
        handler = inspect.unwrap(getattr(handler, "func", handler))
        found.append([names, path, getattr(handler, "__module__", "?")])

walk(app.router)
found = [one for one in found if one[0] != ["HEAD"]]
"""

MAUBOT = """
import asyncio
from maubot.management.api import init
from maubot.server import MaubotServer
MAIN = "maubot"
features = "login plugin plugin_upload instance instance_database client client_proxy client_auth dev_open log".split()
config = {
    "api_features": dict.fromkeys(features, True),
    "server.ui_base_path": "/_matrix/maubot",
    "server.plugin_base_path": "/_matrix/maubot/plugin/",
    "server.override_resource_path": False,
    "server.public_url": "http://localhost",
}
async def make():
    loop = asyncio.get_running_loop()
    return MaubotServer(init(config, loop), config, loop).app
app = asyncio.run(make())
"""

ACAPY = """
import asyncio, unittest.mock
from aiohttp import web
from acapy_agent.admin.server import AdminServer
from acapy_agent.config.default_context import DefaultContextBuilder
MAIN = "-"
async def make():
    settings = {"admin.admin_insecure_mode": True, "wallet.type": "askar", "multitenant.enabled": True}
    context = await DefaultContextBuilder(settings=settings).build_context()
    context.injector.enforce_typing = False
    server = AdminServer("127.0.0.1", 0, context, unittest.mock.MagicMock(), lambda *_: None,
                         lambda *_: None, lambda *_: None, lambda *_: None)
    return await server.make_application()
app = asyncio.run(make())
"""

APPS = {
    "maubot": App(["maubot==0.6.0"], MAUBOT, ["maubot"]),
    "acapy-agent": App(["acapy-agent==1.4.0"], ACAPY, ["acapy_agent"], python="python3.12"),
    "own": own("aiohttp/parts", "aiohttp==3.14.5", code="from app import app\nMAIN = 'app'"),
}

if __name__ == "__main__":
    main("aiohttp", APPS, DUMP)
