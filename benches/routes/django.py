"""Compares `backend-audit routes` with what Django's own resolver has at run time.

    python benches/routes/django.py target/release/backend-audit [--apps a,b] [--keep FOLDER]

Installs each application, pinned, in a virtual environment of its own outside of the repository, imports its root
list of routes there, and prints recall and precision of (method, path) pairs with every difference.

A view that is a function answers every method as far as Django's resolver knows, so that its methods are not
compared, only its path. No difference is: a route below an administration site or below what a library lists that
was not scanned, where one route stands for all of it (they are left out on both sides); the twins that the REST
framework adds for format suffixes; HEAD and OPTIONS; `^$` and the empty path of a router's root. What a setting adds
that was off in the run counts against precision.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent.parent
APPS = {
    # name: requirements, packages to scan below site-packages, settings, environment, more of sys.path
    "label-studio": {
        "pip": ["label-studio==1.18.0"],
        "scan": ["label_studio"],
        "settings": "label_studio.core.settings.label_studio",
        "path": ["label_studio"],
        "env": {"DJANGO_DB": "sqlite", "LABEL_STUDIO_BASE_DATA_DIR": "{work}"},
    },
    "pretix": {
        "pip": ["pretix==2026.8.0"],
        "scan": ["pretix"],
        "settings": "pretix.settings",
        # What its middleware sets as `request.urlconf` for the domains of its customers.
        "roots": ["", "pretix.multidomain.event_domain_urlconf", "pretix.multidomain.organizer_domain_urlconf"],
        "env": {"DATA_DIR": "{work}"},
    },
    "django-helpdesk": {
        "pip": ["django-helpdesk==1.2.0", "django<5", "packaging", "setuptools"],
        "scan": ["helpdesk"],
        "project": """
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.humanize", "django.contrib.messages", "django.contrib.sessions", "django.contrib.sites",
    "bootstrap4form", "account", "pinax.invitations", "pinax.teams", "rest_framework", "helpdesk"]
MIDDLEWARE = []
ROOT_URLCONF = "helpdesk.urls"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL = "/static/"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
""",
    },
    "pretalx": {
        "pip": ["pretalx==2025.2.2"],
        "scan": ["pretalx"],
        "settings": "pretalx.settings",
        "env": {"PRETALX_DATA_DIR": "{work}"},
    },
    "squad": {
        "pip": ["squad==1.98"],
        "scan": ["squad"],
        "settings": "squad.settings",
        "env": {"XDG_DATA_HOME": "{work}", "SECRET_KEY": "x"},
    },
    "coldfront": {
        "pip": ["coldfront==1.1.10"],
        "scan": ["coldfront"],
        "settings": "coldfront.config.settings",
        # What is included only where a setting says so.
        "env": {"SECRET_KEY": "x", "PLUGIN_API": "True", "ALLOCATION_EULA_ENABLE": "True"},
    },
    # Those of the tests.
    "own-django": {
        "pip": ["django==5.2.19"],
        "folder": "tests/routes/django/shop",
        "settings": "config.settings.production",
    },
    "own-drf": {
        "pip": ["django==5.2.19", "djangorestframework==3.18.3", "drf-nested-routers==0.95.3",
                "djangorestframework-simplejwt==5.5.1"],
        "folder": "tests/routes/drf/library",
        "settings": "config.production",
    },
}

DUMP = r'''
import json, os, sys
import django
django.setup()
from django.urls import URLResolver, get_resolver
NAMES = ["get", "post", "put", "patch", "delete"]

def methods(view):
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None or getattr(view, "__name__", "") == "WrappedView":
        return None
    given = getattr(view, "view_initkwargs", None) or getattr(view, "initkwargs", None) or {}
    names = [name.lower() for name in given.get("http_method_names", cls.http_method_names)]
    has = getattr(view, "actions", None) or {name: 1 for name in NAMES if hasattr(cls, name)}
    # A class that answers in `dispatch` alone answers every method.
    found = [name.upper() for name in NAMES if name in has and name in names]
    return found if found or getattr(view, "actions", None) else None

found = []
def walk(patterns, prefix, is_admin):
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            walk(one.url_patterns, path, is_admin or one.app_name == "admin")
        else:
            view = one.callback
            cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
            module = (cls or view).__module__ if cls or hasattr(view, "__module__") else ""
            name = getattr(cls or view, "__qualname__", type(view).__qualname__)
            found.append({"path": "/" + path, "methods": methods(view), "view": f"{module}.{name}",
                          "admin": is_admin})
for root in os.environ.get("ROUTES_ROOTS", "").split(","):
    walk(get_resolver(root or None).url_patterns, "", False)
json.dump(found, open(os.environ["ROUTES_OUT"], "w"))
'''

SUFFIX = re.compile(r"\\\.\(\?P<format>|<drf_format_suffix\w*:format>|\.<format>")


def run(command, **options):
    done = subprocess.run(command, text=True, capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def install(app, folder):
    venv = folder / "venv"
    if not (venv / "bin/python").exists():
        run([sys.executable, "-m", "venv", str(venv)])
        run([str(venv / "bin/pip"), "-q", "install", *app["pip"]])
    return venv


def at_run_time(app, folder, venv, packages):
    work = folder / "work"
    work.mkdir(exist_ok=True)
    settings = app.get("settings", "site_settings")
    if "project" in app:
        (work / "site_settings.py").write_text(app["project"])
    (work / "dump.py").write_text(DUMP)
    out = folder / "run-time.json"
    env = {name: value.format(work=work) for name, value in app.get("env", {}).items()}
    env |= {
        "DJANGO_SETTINGS_MODULE": settings,
        "ROUTES_OUT": str(out),
        "ROUTES_ROOTS": ",".join(app.get("roots", [""])),
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join([str(work), *(str(packages / part) for part in app.get("path", [])),
                                *([str(HERE / app["folder"])] if "folder" in app else [])]),
    }
    run([str(venv / "bin/python"), "dump.py"], cwd=work, env=env)
    return json.loads(out.read_text())


def found_by(binary, app, folder, packages):
    tree = HERE / app["folder"] if "folder" in app else folder / "tree"
    tree.mkdir(exist_ok=True)
    for package in app.get("scan", []):
        if (packages / package).exists() and not (tree / package).exists():
            run(["cp", "-r", str(packages / package), str(tree / package)])
    if "project" in app:
        (tree / "site_settings.py").write_text(app["project"])
    text = run([binary, "routes", str(tree), "--format", "json"])
    return [one for one in json.loads(text)["routes"] if one["framework"] in ("django", "drf")]


def norm(path):
    # A router's root is `^$` in one release and empty in another.
    path = re.sub(r"\^\$$", "", path)
    return path


def compare(run_time, found):
    """Pairs of both sides: of paths where a function answers, of methods and paths where a class does."""
    mounted = [one for one in found if one["mounted"]]
    one_for_all = [norm(one["path"]) for one in mounted if not one["exact"] and one["path"].endswith("…")]
    one_for_all = [path.removesuffix("…") for path in one_for_all]
    one_for_all += [norm(one["path"]) for one in mounted if any("admin.site" in text for text in one["evidence"])]
    own = {norm(one["path"]) for one in mounted if one["exact"]}
    covered = lambda path: any(path.startswith(prefix) and path not in own for prefix in one_for_all)
    wanted, any_method = set(), set()
    for one in run_time:
        path = norm(one["path"])
        if SUFFIX.search(path) or one["admin"] or covered(path):
            continue
        if one["methods"] is None:
            any_method.add(path)
        else:
            wanted |= {(method, path) for method in one["methods"]}
    wanted |= {("ANY", path) for path in any_method}
    have = set()
    for one in mounted:
        path = norm(one["path"])
        if path in one_for_all or one["path"].endswith("…") or covered(path):
            continue
        have |= {("ANY" if path in any_method else method, path) for method in one["methods"].split(",")}
    return wanted, have


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--apps", default=",".join(APPS))
    arguments.add_argument("--keep", help="folder for what is installed")
    given = arguments.parse_args()
    base = Path(given.keep or tempfile.mkdtemp(prefix="routes-django-"))
    binary = str(Path(given.binary).resolve())
    for name in given.apps.split(","):
        app, folder = APPS[name], base / name
        folder.mkdir(parents=True, exist_ok=True)
        venv = install(app, folder)
        packages = next((venv / "lib").glob("python3*")) / "site-packages"
        wanted, have = compare(at_run_time(app, folder, venv, packages), found_by(binary, app, folder, packages))
        both = len(wanted & have)
        for method, path in sorted(wanted - have, key=lambda pair: pair[::-1]):
            print(f"{name}: not found: {method} {path}")
        for method, path in sorted(have - wanted, key=lambda pair: pair[::-1]):
            print(f"{name}: not there: {method} {path}")
        print(f"{name}: {len(wanted)} pairs, recall {both / len(wanted):.1%}, precision {both / max(1, len(have)):.1%}")


if __name__ == "__main__":
    main()
