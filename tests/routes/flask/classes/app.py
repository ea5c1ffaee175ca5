from flask import Flask, abort, session
from flask.views import MethodView
from werkzeug.exceptions import Forbidden

app = Flask(__name__)


class Page(MethodView):
    def dispatch_request(self, **kwargs):
        self._check_access()
        return super().dispatch_request(**kwargs)

    def _check_access(self):
        pass


class Known(Page):
    def _require_user(self):
        if session.user is None:
            raise Forbidden

    def _check_access(self):
        self._require_user()


class Orders(Known):
    def get(self):  # route: GET /orders protected session.user
        return "orders"


class News(Page):
    def get(self):  # route: GET /news open
        return "news"


# Whoever is told 401 was asked, whatever that is called.
@app.post("/messages")
def send():  # route: POST /messages protected sender
    sender = SENDERS.get("id")
    if not sender:
        return {"error": "who are you"}, 401
    return "sent"


@app.post("/letters")
def letter():  # route: POST /letters open
    if not has_stamp():
        return {"error": "no stamp"}, 402
    return "sent"


app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
app.add_url_rule("/news", view_func=News.as_view("news"))
