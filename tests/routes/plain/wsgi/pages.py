class Unauthorized(Exception):
    pass


def about(environ):  # route: ANY /about open
    return [b"about"]


def admin(environ):  # route: ANY /admin protected environ.get
    if environ.get("REMOTE_USER") != "admin":
        raise Unauthorized
    return [b"admin"]
