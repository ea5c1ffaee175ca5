#!/usr/bin/env python3
"""Routes of Flask applications at run time against `backend-audit routes`; see `measure.py`.

    python3 benches/routes/flask.py --bin target/release/backend-audit [NAME …]
"""

from measure import App, main, own

DUMP = r"""
import inspect
found = []
for rule in app.url_map.iter_rules():
    handler = app.view_functions.get(rule.endpoint)
    view = getattr(handler, "view_class", None)
    owner = getattr(handler, "__self__", None)
    handler = view or inspect.unwrap(handler) if handler is not None else None
    module = type(owner).__module__ if owner is not None and view is None else getattr(handler, "__module__", "?")
    if rule.endpoint.rsplit(".")[-1] == "static":
        module = "-"
    found.append([sorted(rule.methods or []), rule.rule, module])
"""

FLASK = (
    "flask==3.1.3",
    "flask-login==0.6.3",
    "flask-restful==0.3.10",
    "flask-restx==1.3.2",
    "flask-httpauth==4.8.1",
    "flask-jwt-extended==4.7.4",
    "flask-admin==2.2.1",
    "flask-appbuilder==5.3.0",
)

APPS = {
    "ihatemoney": App(
        ["ihatemoney==7.2.1"],
        "from ihatemoney.run import create_app\napp = create_app(instance_path='/tmp')",
        ["ihatemoney"],
    ),
    "privacyidea": App(
        ["privacyidea==3.14"],
        "from privacyidea.app import create_app\napp = create_app('testing', silent=True)",
        ["privacyidea"],
    ),
    "udata": App(
        ["udata==17.18.0"],
        "from udata.app import create_app, standalone\nfrom udata import settings\n"
        "settings.Defaults.SECRET_KEY = settings.Defaults.API_TOKEN_SECRET = 'x'\n"
        "app = create_app(settings.Defaults)\nstandalone(app)",
        ["udata"],
    ),
    "dtale": App(["dtale==3.22.0"], "from dtale.app import build_app\napp = build_app(url='http://localhost')", ["dtale"]),
    "own-blueprints": own("flask/blueprints", *FLASK),
    "own-hooks": own("flask/hooks", *FLASK),
    "own-rest": own("flask/rest", *FLASK),
    "own-builder": own("flask/builder", *FLASK),
}

if __name__ == "__main__":
    main("flask", APPS, DUMP)
