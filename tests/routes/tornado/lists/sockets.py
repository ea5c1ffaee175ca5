from tornado.websocket import WebSocketHandler


class Feed(WebSocketHandler):
    def open(self):  # route: WEBSOCKET /feed open
        pass

    def on_message(self, message):
        self.write_message(message)
