from flask import Blueprint
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


blueprints = [account, make("made")]
