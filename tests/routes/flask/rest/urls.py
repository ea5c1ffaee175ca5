from flask import Blueprint
from flask.views import MethodView

from resources import auth

bp = Blueprint("urls", __name__)


class View(MethodView):
    init_every_request = False

    def get(self, name):  # route: GET /views/one open; GET /views/two/<name> open
        return name


@auth.login_required
def kept():  # route: GET /kept protected auth.login_required
    return "a rule that is added later has all decorators"


RULES = [("/views/one", View.as_view("one")), ("/views/two/<name>", View.as_view("two"))]
for rule, view in RULES:
    bp.add_url_rule(rule, view_func=view)
bp.add_url_rule("/kept", view_func=kept)
