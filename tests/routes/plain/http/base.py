from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler


class Forbidden(Exception):
    pass


class Checked(BaseHTTPRequestHandler):
    def require_user(self):
        check_auth(self.headers)


def check_auth(headers):
    if "Authorization" not in headers:
        raise Forbidden


class Echo(StreamRequestHandler):
    def handle(self):  # route: ANY /… open
        self.wfile.write(self.rfile.readline())
