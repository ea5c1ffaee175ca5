#!/usr/bin/env python3
"""Routes of FastAPI and Starlette applications: what they report at run time against `backend-audit routes`.

Installs pinned packages, each in a virtual environment of its own below the cache folder, starts none of their
servers, asks the application for its routes, and compares pairs of method and path. Left out on the side of the
application: `HEAD` and `OPTIONS` that the framework adds, the pages of FastAPI itself (`/docs`, `/openapi.json`, …)
and mounts without routes (static files). Prints recall, precision and each difference; exit 1 below the bound.

    python3 benches/routes/fastapi.py --bin target/release/backend-audit [NAME …]
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("BACKEND_AUDIT_BENCH_CACHE", HERE.parent / ".cache")) / "routes"
BOUND = 0.97

# Name: what is installed, the packages that are scanned, how the application is made.
APPS = {
    "tiled": (
        ["tiled[server]==0.2.20"],
        ["tiled"],
        "import tempfile\n"
        "from tiled.server.app import build_app_from_config\n"
        "folder = tempfile.mkdtemp()\n"
        "app = build_app_from_config({\n"
        "    'authentication': {'secret_keys': ['SECRET'], 'providers': [\n"
        "        {'provider': 'toy', 'authenticator': 'tiled.authenticators:DictionaryAuthenticator',\n"
        "         'args': {'users_to_passwords': {'a': 'b'}}},\n"
        "        {'provider': 'saml', 'authenticator': 'tiled.authenticators:OIDCAuthenticator',\n"
        "         'args': {'audience': 'a', 'client_id': 'a', 'client_secret': 'a', 'well_known_uri': 'http://a'}}]},\n"
        "    'database': {'uri': f'sqlite:///{folder}/a.db', 'init_if_not_exists': True},\n"
        "    'webhooks': {},\n"
        "    'trees': [{'path': '/', 'tree': 'catalog', 'args': {\n"
        "        'uri': f'sqlite:///{folder}/c.db', 'writable_storage': folder, 'init_if_not_exists': True}}]})",
    ),
    "argilla-server": (
        ["argilla-server==2.8.0"],
        ["argilla_server"],
        "from argilla_server._app import create_server_app\napp = create_server_app()",
    ),
    "dstack": (
        ["dstack[server]==0.22.5", "httpx2==2.16.2"],
        ["dstack"],
        "from dstack._internal.server.app import create_app, register_routes\n"
        "from dstack._internal.proxy.gateway.app import make_app\n"
        "import fastapi, unittest.mock\n"
        "app = create_app()\nregister_routes(app)\n"
        "gateway = make_app(unittest.mock.MagicMock(), unittest.mock.MagicMock())\n"
        "app = [app, gateway]",
    ),
    "opal-server": (
        ["opal-server==0.9.9", "aiofiles==25.1.0"],
        ["opal_server", "opal_common"],
        "import os\nos.environ['OPAL_SCOPES'] = os.environ['OPAL_DEBUG_INTERNAL_STATS'] = 'true'\n"
        "from opal_server.server import OpalServer\napp = OpalServer().app",
    ),
    "prefect": (
        ["prefect==3.9.1"],
        ["prefect"],
        "from prefect.server.api.server import create_app\napp = create_app()",
    ),
    "marimo": (
        ["marimo==0.25.2"],
        ["marimo"],
        "from marimo._server.main import create_starlette_app\napp = create_starlette_app(base_url='')",
    ),
    "dagster-webserver": (
        ["dagster-webserver==1.13.27"],
        ["dagster_webserver"],
        "from dagster_webserver.webserver import DagsterWebserver\n"
        "app = DagsterWebserver(None).create_asgi_app()",
    ),
}

DUMP = r'''
import json, sys
from starlette.endpoints import HTTPEndpoint
from starlette.routing import Host, Mount, WebSocketRoute

PAGES = "fastapi.applications"
found = []

def methods(route):
    given = getattr(route, "methods", None)
    endpoint = getattr(route, "endpoint", None)
    if given:
        return sorted(given)
    if isinstance(endpoint, type) and issubclass(endpoint, HTTPEndpoint):
        names = ("get", "post", "put", "patch", "delete", "head", "options")
        return [name.upper() for name in names if hasattr(endpoint, name)]
    return ["ANY"]

def add(route, path, names):
    endpoint = getattr(route, "endpoint", None)
    if getattr(endpoint, "__module__", "") == PAGES:
        return
    where = f"{getattr(endpoint, '__module__', '?')}.{getattr(endpoint, '__qualname__', type(endpoint).__name__)}"
    found.append([names, path, where])

def one(route, prefix):
    if hasattr(route, "effective_candidates"):
        for inner in [*route.effective_candidates(), *route.effective_low_priority_routes()]:
            included(inner, prefix)
    elif isinstance(route, (Mount, Host)):
        below, app = list(route.routes or []), getattr(route, "app", None)
        while not below and app is not None and hasattr(app, "app"):
            app = app.app
            below = list(getattr(app, "routes", None) or [])
        for inner in below:
            one(inner, prefix + getattr(route, "path", ""))
    elif isinstance(route, WebSocketRoute):
        add(route, prefix + route.path, ["WEBSOCKET"])
    else:
        add(route, prefix + route.path, methods(route))

def included(inner, prefix):
    if hasattr(inner, "effective_candidates"):
        one(inner, prefix)
    elif getattr(inner, "starlette_route", None) is not None:
        one(inner.starlette_route, prefix)
    else:
        route = inner.original_route
        add(route, prefix + inner.path, sorted(getattr(inner, "methods", None) or route.methods))

for app in app if isinstance(app, list) else [app]:
    while not hasattr(app, "routes"):
        app = app.app
    for route in app.routes:
        one(route, "")
print("\n@@" + json.dumps(found))
'''


def install(name: str, requirements: list[str]) -> pathlib.Path:
    home = CACHE / name
    python = home / "bin" / "python"
    done = home / "done"
    if not done.exists():
        venv.create(home, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *requirements], check=True)
        done.write_text("\n".join(requirements))
    return python


def pairs(methods: list[str], path: str) -> set[tuple[str, str]]:
    kept = [one for one in methods if not (one in ("HEAD", "OPTIONS") and len(methods) > 1)]
    return {(one, path) for one in kept}


def at_run_time(python: pathlib.Path, code: str) -> dict[tuple[str, str], str]:
    ran = subprocess.run(
        [str(python), "-W", "ignore", "-c", code + "\n" + DUMP], capture_output=True, text=True, cwd=CACHE
    )
    lines = [line[2:] for line in ran.stdout.splitlines() if line.startswith("@@")]
    if not lines:
        sys.exit(ran.stderr)
    return {pair: where for methods, path, where in json.loads(lines[-1]) for pair in pairs(methods, path)}


def reported(binary: str, packages: list[pathlib.Path]) -> dict[tuple[str, str, str], str]:
    command = [binary, "routes", "--no-ignore", "--format", "json", *map(str, packages)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {}
    for route in json.loads(ran.stdout)["routes"]:
        if route["framework"] in ("fastapi", "starlette") and route["mounted"]:
            name = route["handler"].split(".")[-1]
            for method, path in pairs(route["methods"].split(","), route["path"]):
                # Several may stand at a path that is not known.
                key = (method, path, name if "…" in path else "")
                found[key] = f"{route['handler']} {route['location'].rsplit('site-packages/', 1)[-1]}"
    return found


def matches(wanted: dict, found: dict) -> tuple[set, set]:
    """Pairs of both sides that agree.

    `…` at the start is the base path that only a deployment knows, here none; elsewhere it stands for anything, if
    the function that answers is the same.
    """
    known, right = set(), set()
    for key in found:
        method, path, name = key
        plain = path.removeprefix("…") if path.startswith("…/") else path
        pattern = re.compile(".*".join(re.escape(part) for part in path.split("…")))
        for other in wanted:
            same = name and pattern.fullmatch(other[1]) and wanted[other].endswith(f".{name}")
            if other[0] == method and (other[1] == plain or same):
                known.add(other)
                right.add(key)
    return known, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("names", nargs="*", default=list(APPS))
    options = parser.parse_args()
    binary = str(pathlib.Path(options.bin).resolve())
    bad = False
    for name in options.names:
        requirements, packages, code = APPS[name]
        python = install(name, requirements)
        site = next((CACHE / name / "lib").glob("python*/site-packages"))
        wanted = at_run_time(python, code)
        found = reported(binary, [site / package for package in packages])
        known, right = matches(wanted, found)
        recall, precision = len(known) / max(len(wanted), 1), len(right) / max(len(found), 1)
        print(f"{name}: {len(wanted)} at run time, {len(found)} found, recall {recall:.1%}, precision {precision:.1%}")
        for mark, one, other in (("missed", wanted, known), ("extra", found, right)):
            for pair in sorted(one.keys() - other):
                print(f"  {mark}: {pair[0]} {pair[1]}  ({one[pair]})")
        bad |= recall < BOUND or precision < BOUND
    sys.exit(bad)


if __name__ == "__main__":
    main()
