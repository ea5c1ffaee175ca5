from flask import Blueprint

PREFIX = "/api"
api_v1 = Blueprint("v1", __name__, url_prefix=PREFIX + "/v1")
items = Blueprint("items", __name__, url_prefix="/items")
late = Blueprint("late", __name__, url_prefix="/late")
unused = Blueprint("unused", __name__, url_prefix="/unused")

api_v1.register_blueprint(items)


@items.route("/")
def all_items():  # route: GET /api/v1/items/ open
    return []


@api_v1.route("/status")
def status():  # route: GET /api/v1/status open
    return {}


@late.route("/one")
def one():  # route: GET /late/one open
    return {}


@unused.route("/two")
def two():  # route: GET /unused/two open unmounted
    return {}


def register(application):
    application.register_blueprint(late)
