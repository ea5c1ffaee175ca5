from bottle import Bottle, abort, request

app = Bottle()


@app.hook("before_request")
def check_session():
    if request.path in ("/login", "/health"):
        return
    if not request.get_cookie("session"):
        abort(401)


@app.get("/account")
def account():  # route: GET /account protected check_session
    return "account"


@app.get("/login")
def login():  # route: GET /login open
    return "login"
