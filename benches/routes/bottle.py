#!/usr/bin/env python3
"""Routes of Bottle applications at run time against `backend-audit routes`; see `measure.py`.

    python3 benches/routes/bottle.py --bin target/release/backend-audit [NAME …]
"""

from measure import App, main, own

DUMP = r"""
import inspect
found = []
for route in app.routes:
    handler = inspect.unwrap(route.get_undecorated_callback() or route.callback)
    found.append([[route.method], route.rule, handler.__module__])
"""

APPS = {
    "doorstop": App(
        ["doorstop==3.2"],
        "import doorstop.server.main, bottle\napp = bottle.default_app()",
        ["doorstop"],
    ),
    "glances": App(
        ["glances==3.4.0.5", "bottle==0.13.4"],
        "import unittest.mock\nfrom glances.outputs.glances_bottle import GlancesBottle\n"
        "from glances.config import Config\n"
        "arguments = unittest.mock.MagicMock(open_web_browser=False, disable_webui=False, password='')\n"
        "app = GlancesBottle(config=Config(), args=arguments)._app",
        ["glances"],
    ),
    "own": own("bottle/mounts", "bottle==0.13.4"),
}

if __name__ == "__main__":
    main("bottle", APPS, DUMP)
