import tornado.web


class Base(tornado.web.RequestHandler):
    def get_current_user(self):
        return self.get_signed_cookie("user")


class Secured(Base):
    def prepare(self):
        if not self.current_user:
            raise tornado.web.HTTPError(403)


class ItemHandler(Secured):
    def initialize(self, kind):
        self.kind = kind

    async def get(self, number):  # route: GET /items/([0-9]+) protected prepare
        self.write(number)

    async def delete(self, number):  # route: DELETE /items/([0-9]+) protected prepare
        self.write(number)


class LoginHandler(Base):
    def post(self):  # route: POST /login open
        self.set_signed_cookie("user", self.get_argument("user"))
