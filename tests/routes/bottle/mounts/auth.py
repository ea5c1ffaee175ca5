from bottle import abort, request


def require_login():
    check_user(request.get_cookie("user"))


def check_user(user):
    if not user:
        abort(401, "who is there?")
