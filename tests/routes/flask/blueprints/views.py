from flask.views import MethodView, View
from flask_login import login_required


class ItemView(MethodView):
    decorators = [login_required]

    def get(self, number):  # route: GET /items/<int:number> protected login_required
        return {}

    def delete(self, number):  # route: DELETE /items/<int:number> protected login_required
        return {}


class Search(View):
    methods = ["GET", "POST"]

    def dispatch_request(self):  # route: GET,POST /search open
        return {}
