class Api:
    VERSION = "2"

    def __init__(self, app):
        self.app = app
        self.app.route(f"/api/{self.VERSION}/items", method="GET", callback=self.items)
        self.app.route("/api/%s/items" % self.VERSION, method=["POST"], callback=self.add)

    def items(self):  # route: GET /api/2/items open
        return "items"

    def add(self):  # route: POST /api/2/items open
        return "add"
