import bottle
from bottle import Bottle, auth_basic, get, hook, post, route

from admin import admin
from api import Api

app = bottle.default_app()


def known(user, password):
    return user == password


@route("/")
def index():  # route: GET / open
    return "hello"


@get(["/one", "/other/<number:int>"])
def one(number=0):  # route: GET /one open; GET /other/<number:int> open
    return "one"


@post("/secret")
@auth_basic(known)
def secret():  # route: POST /secret protected auth_basic
    return "secret"


@route(method=["GET", "PUT"])
def named(first, second=2):  # route: GET,PUT /named/<first> open; GET,PUT /named/<first>/<second> open
    return "named"


@app.route("/applied", apply=[auth_basic(known)])
def applied():  # route: GET /applied protected auth_basic
    return "applied"


def called():  # route: DELETE /called open
    return "called"


app.route("/called", "DELETE", called)
app.mount("/admin/", admin)
api = Api(app)


@app.error(404)
def missing(error):
    return "no route"


@hook("after_request")
def header():
    bottle.response.headers["x"] = "y"
