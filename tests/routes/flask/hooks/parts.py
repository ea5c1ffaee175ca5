from flask import Blueprint, request, session, url_for
from flask_login import login_required

account = Blueprint("account", __name__, url_prefix="/account")
inner = Blueprint("inner", __name__, url_prefix="/inner")
account.register_blueprint(inner)
account.before_request(login_required(lambda: None))


@account.route("/")
def mine():  # route: GET /account/ protected login_required
    return "mine"


@inner.route("/deep")
def deep():  # route: GET /account/inner/deep protected login_required
    return "deep"


def make(name):
    part = Blueprint(name, __name__, url_prefix="/made")

    @part.route("/one")
    def one():  # route: GET /made/one protected require_login
        return "one"

    return part


projects = Blueprint("projects", __name__)


class Redirect(Exception):
    pass


@projects.url_value_preprocessor
def pull_project(endpoint, values):
    if endpoint == "projects.authenticate":
        return
    project = (values or {}).pop("project", None) if not values else values.pop("project", None)
    if project and project not in session:
        raise Redirect(url_for("projects.authenticate"))


@projects.route("/projects/<project>/bills")
def bills():  # route: GET /projects/<project>/bills protected pull_project
    return "bills"


@projects.route("/projects/<project>/authenticate")
def authenticate():  # route: GET /projects/<project>/authenticate protected require_login
    return "authenticate"


@projects.route("/projects/new")
def new():  # route: GET /projects/new protected require_login
    return "new"


def check_user_in_request(view):
    return lambda *args, **kwargs: view(*args, **kwargs) if "user" in request.args else ("what user?", 400)


@projects.route("/public/refill")
@check_user_in_request
def refill():  # route: GET /public/refill open
    return "refill"


blueprints = [account, make("made"), projects]
