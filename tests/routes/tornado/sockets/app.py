import tornado.web
from tornado.websocket import WebSocketHandler


class Terminal(WebSocketHandler):
    def open(self):
        self.set_nodelay(True)

    @tornado.web.authenticated
    def on_message(self, message):  # route: WEBSOCKET /terminal protected web.authenticated
        self.write_message(message)


app = tornado.web.Application([(r"/terminal", Terminal)])
