import tornado.web

from handlers import Base

PREFIX = "/api/v1"


class Status(Base):
    def get(self):  # route: GET /api/v1/status open
        self.write("fine")


class Own(Base):
    def post(self):  # route: POST /api/v1/own protected self.current_user
        if self.current_user is None:
            self.send_error(401)
            return
        self.write("own")


class Unused(Base):
    def get(self):
        self.write("in no list")


more_handlers = [(PREFIX + "/status", Status)]
more_handlers.append((f"{PREFIX}/own", Own))
