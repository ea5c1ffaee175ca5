"""`header-injection`: marked where a client shapes a header that nobody looks at."""
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlsplit


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        name = query["name"][0]
        self.send_response(200)
        self.send_header("Content-Disposition", "attachment; filename=" + name)  # expect: header-injection/flow
        self.end_headers()

    def do_HEAD(self):
        query = parse_qs(urlsplit(self.path).query)
        self.send_response(200)
        self.send_header("X-Name", quote(query["name"][0]))
        self.send_header("Content-Length", str(int(query["length"][0])))
        self.end_headers()
