#!/usr/bin/env python3
"""Routes of Tornado applications at run time against `backend-audit routes`; see `measure.py`.

The methods of a handler are those that its class has of its own, `WEBSOCKET` for a web socket. Left out are the three
patterns that Tornado adds for `static_path`.

    python3 benches/routes/tornado.py --bin target/release/backend-audit [NAME …]
"""

from measure import App, main, own

DUMP = r"""
from tornado.web import Application, RequestHandler, RedirectHandler, StaticFileHandler
from tornado.websocket import WebSocketHandler
from tornado.routing import RuleRouter
found = []

def walk(router):
    for rule in router.rules:
        target = rule.target
        if isinstance(target, Application):
            walk(target.default_router)
        elif isinstance(target, RuleRouter):
            walk(target)
        elif isinstance(target, type):
            names = [n.upper() for n in ("get", "post", "put", "patch", "delete")
                     if getattr(target, n) is not getattr(RequestHandler, n)]
            if issubclass(target, WebSocketHandler):
                names = ["WEBSOCKET"]
            module = target.__module__
            if getattr(app, "settings", {}).get("static_path") and issubclass(target, StaticFileHandler):
                adds = (app.settings.get("static_url_prefix", "/static/"), "/(favicon", "/(robots")
                if rule.matcher.regex.pattern.startswith(adds):
                    module = "-"
            if target in (RedirectHandler, StaticFileHandler):
                module = LIBRARY
            found.append([names, rule.matcher.regex.pattern, module])

walk(app.default_router if isinstance(app, Application) else app)
"""

APPS = {
    "flower": App(
        ["flower==2.2.0"],
        "from flower.app import Flower\napp = Flower()\nLIBRARY = 'flower'",
        ["flower"],
    ),
    "jupyter-server": App(
        ["jupyter-server==2.21.1"],
        "from jupyter_server.serverapp import ServerApp\n"
        "server = ServerApp()\nserver.initialize([], new_httpserver=False)\napp = server.web_app\nLIBRARY = '-'",
        ["jupyter_server"],
        environment={"JUPYTER_RUNTIME_DIR": "/tmp", "JUPYTER_CONFIG_DIR": "/nonexistent"},
    ),
    "luigi": App(
        ["luigi==3.8.1"],
        "from luigi.server import app as make\nimport unittest.mock\napp = make(unittest.mock.MagicMock())\nLIBRARY = '-'",
        ["luigi"],
    ),
    "mitmproxy": App(
        ["mitmproxy==12.3.1"],
        "import asyncio\nfrom mitmproxy import options\nfrom mitmproxy.tools.web import app as web\n"
        "from mitmproxy.tools.web.master import WebMaster\n"
        "async def make():\n    return WebMaster(options.Options(), with_termlog=False).app\n"
        "app = asyncio.run(make())\nLIBRARY = '-'",
        ["mitmproxy"],
        python="python3.12",
    ),
    "own": own("tornado/lists", "tornado==6.6.1", code="from app import app\nLIBRARY = 'app'"),
}

if __name__ == "__main__":
    main("tornado", APPS, DUMP)
