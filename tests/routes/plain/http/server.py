import re
from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler
from urllib.parse import urlparse

from base import Checked


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):  # route: GET /health open; GET /items… open; GET /admin protected headers.get; GET /about open; GET /us open
        if self.path == "/health":
            self.answer("fine")
        elif self.path.startswith("/items"):
            self.answer("items")
        elif self.path == "/admin":
            if self.headers.get("Authorization") != "secret":
                self.send_error(401)
                return
            self.answer("admin")
        elif self.path in ("/about", "/us"):
            self.answer("about")
        else:
            self.send_error(404)

    def do_POST(self):  # route: POST /orders protected self.is_authorized; POST /users/\d+ protected self.is_authorized
        if not self.is_authorized():
            self.send_response(403)
            self.end_headers()
            return
        path = urlparse(self.path).path
        if path == "/orders":
            self.answer("order")
        elif re.match(r"/users/\d+", path):
            self.answer("user")

    def do_PUT(self):  # route: PUT /… open
        self.answer(self.path)

    def is_authorized(self):
        return self.headers.get("X-Token") == "secret"

    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())


class Files(SimpleHTTPRequestHandler):  # route: GET /… open
    pass


class Routed(Checked):
    ROUTES = {"/one": "one", "/two": "two"}

    def do_GET(self):  # route: GET /one protected self.require_user; GET /two protected self.require_user
        self.require_user()
        name = self.ROUTES.get(self.path)
        self.wfile.write(name.encode())

    def do_DELETE(self):  # route: DELETE /thing open
        self.dispatch()

    def dispatch(self):
        match self.path:
            case "/thing":
                self.send_response(204)
            case _:
                self.send_error(404)


class NoServer:
    def do_GET(self):
        return "no handler"


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8000), Shop).serve_forever()
