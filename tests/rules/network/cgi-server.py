"""`cgi-server`: marked where an application is run over CGI."""
from wsgiref.handlers import BaseCGIHandler, CGIHandler
from wsgiref.simple_server import make_server


def over_cgi(application):
    CGIHandler().run(application)  # expect: cgi-server


def over_http(application):
    make_server("127.0.0.1", 8000, application).serve_forever()
    return BaseCGIHandler
