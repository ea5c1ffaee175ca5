from flask import Flask, abort, redirect, request, session, url_for
from flask_login import login_required

from parts import blueprints

app = Flask(__name__)


@app.before_request
def require_login():
    if request.endpoint in ("login", "static"):
        return None
    if request.path.startswith("/public"):
        return None
    if "user" not in session:
        return redirect(url_for("login"))


@app.route("/login", methods=["POST"])
def login():  # route: POST /login open
    return "login"


@app.route("/public/news")
def news():  # route: GET /public/news open
    return "news"


@app.route("/private")
def private():  # route: GET /private protected require_login
    return "private"


@app.after_request
def header(response):
    return response


@app.errorhandler(404)
def missing(error):
    return "no route", 404


@app.cli.command("seed")
def seed():
    pass


for blueprint in blueprints:
    app.register_blueprint(blueprint)
