from flask import Flask, abort, redirect, request, session, url_for
from flask_login import current_user, login_required

from admin import bp as admin_bp
from api import api_v1, register
from views import ItemView, Search

app = Flask(__name__)


@app.route("/")
def index():  # route: GET / open
    return "hello"


@app.route("/login", methods=["GET", "POST"])
def login():  # route: GET,POST /login open
    return "login"


@app.post("/orders")
@login_required
def order():  # route: POST /orders protected login_required
    return "ok"


@login_required
@app.route("/outside")
def outside():  # route: GET /outside open
    return "what is registered is the function without the decorator above"


@app.route("/me")
@app.route("/profile/<int:number>", methods=("GET", "DELETE"))
def profile(number=0):  # route: GET /me protected current_user.is_authenticated; GET,DELETE /profile/<int:number> protected current_user.is_authenticated
    if not current_user.is_authenticated:
        abort(401)
    return "me"


@app.get("/old")
def old():  # route: GET /old protected session.get
    if not session.get("user"):
        return redirect(url_for("login"))
    return "old"


def plain():  # route: GET /plain open; PUT /kept protected login_required
    return "plain"


app.add_url_rule("/plain", view_func=plain)
app.add_url_rule("/kept", "kept", login_required(plain), methods=["PUT"])
app.add_url_rule("/items/<int:number>", view_func=ItemView.as_view("items"))
app.add_url_rule("/search", view_func=Search.as_view("search"))
app.register_blueprint(admin_bp, url_prefix="/admin")
app.register_blueprint(api_v1)
register(app)


class Registry:
    def route(self, path):
        return lambda function: function


registry = Registry()


@registry.route("/nothing")
def nothing():
    return "this is no route"
