from wsgiref.simple_server import make_server

from pages import about, admin


def application(environ, start_response):  # route: GET /hello open; GET,POST /form open
    path = environ.get("PATH_INFO", "").lstrip("/")
    method = environ["REQUEST_METHOD"]
    if path == "hello" and method == "GET":
        start_response("200 OK", [])
        return [b"hello"]
    if path == "form":
        if method == "GET":
            body = b"form"
        elif method == "POST":
            body = b"sent"
        start_response("200 OK", [])
        return [body]
    start_response("404 Not Found", [])
    return [b""]


ROUTES = {"/about": about, "/admin": admin}


def dispatch(environ, start_response):
    handler = ROUTES.get(environ["PATH_INFO"])
    return handler(environ)


class Logging:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        print(environ["PATH_INFO"])
        return self.app(environ, start_response)


class Hello:
    def __call__(self, environ, start_response):  # route: ANY /… open
        start_response("200 OK", [])
        return [b"hello"]


if __name__ == "__main__":
    make_server("", 8000, Logging(application)).serve_forever()
