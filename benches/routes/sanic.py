#!/usr/bin/env python3
"""Routes of Sanic applications at run time against `backend-audit routes`; see `measure.py`.

Without `strict_slashes` a path with a slash at its end is the one without.

    python3 benches/routes/sanic.py --bin target/release/backend-audit [NAME …]
"""

from measure import App, main, own

DUMP = r"""
import inspect
found = []
for route in app.router.routes:
    handler = route.handler
    while hasattr(handler, "func"):
        handler = handler.func
    view = getattr(handler, "view_class", None)
    handler = view or inspect.unwrap(handler)
    names = ["WEBSOCKET"] if route.name in SOCKETS else sorted(route.methods)
    path = getattr(route, "uri", None) or "/" + route.path
    module = getattr(handler, "__module__", "?")
    if "__file_uri__" in path or getattr(route.ctx, "static", False):
        module = MAIN
    found.append([names, path, module])
"""

# The server of Rasa alone, without what its models need: whatever is not installed is a mock.
RASA = """
import importlib.abc, importlib.machinery, sys, unittest.mock
class Mocks(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if self.everything or name.startswith("rasa.") and name not in ("rasa.server", "rasa.version"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        module = unittest.mock.MagicMock(name=spec.name)
        module.__path__, module.__name__ = [], spec.name
        return module
    def exec_module(self, module):
        pass
first, last = Mocks(), Mocks()
first.everything, last.everything = False, True
sys.meta_path.insert(0, first)
sys.meta_path.append(last)
import rasa.server
app = rasa.server.create_app()
SOCKETS, MAIN = (), "rasa"
"""

APPS = {
    "rasa": App(
        ["rasa==3.6.21 --no-deps", "sanic==21.12.2", "sanic-cors==2.0.1", "sanic-jwt==1.8.0", "sanic-routing==0.7.2", "websockets==10.4"],
        RASA,
        ["rasa/server.py"],
        python="python3.10",
    ),
    "sanic-security": App(
        ["sanic-security==1.17.8", "httpx-oauth", "captcha", "pillow"],
        "SOCKETS, MAIN = (), 'sanic_security'\n"
        "from sanic_security.test.server import app",
        ["sanic_security/test"],
        python="python3.12",
    ),
    "own": own(
        "sanic/versions",
        "sanic==25.12.1",
        code="from app import app\nMAIN = 'app'\nSOCKETS = [r.name for r in app.router.routes if r.name.endswith('feed')]",
    ),
}

if __name__ == "__main__":
    main("sanic", APPS, DUMP, strict=False)
