import tornado.web
from tornado.routing import PathMatches, Rule, RuleRouter
from tornado.web import url

from handlers import Base, ItemHandler, LoginHandler
from more import more_handlers
from sockets import Feed

UNUSED = [("/one", "two"), (3, 4)]


class Index(Base):
    def get(self):  # route: GET / open; GET /home open
        self.write("hello")


class Admin(Base):
    @tornado.web.authenticated
    def get(self):  # route: GET /admin protected web.authenticated
        self.write("admin")

    def helper(self):
        return "no route"


class Inner(tornado.web.RequestHandler):
    def put(self, name):  # route: PUT /inner/(\w+) open
        self.write(name)


class App(tornado.web.Application):
    def __init__(self, **settings):
        handlers = [
            (r"/", Index),
            url(r"/home", Index, name="home"),
            (r"/admin", Admin),
            (r"/items/([0-9]+)", ItemHandler, {"kind": "item"}),
            (r"/login", LoginHandler),
            (r"/feed", Feed),
            (r"/static/(.*)", tornado.web.StaticFileHandler, {"path": "static"}),  # route: GET /static/(.*) open
        ]
        handlers += more_handlers
        super().__init__(handlers, **settings)


inner = tornado.web.Application([(r"/inner/(\w+)", Inner)])
app = RuleRouter([Rule(PathMatches("/inner.*"), inner), Rule(PathMatches(".*"), App(login_url="/login"))])
