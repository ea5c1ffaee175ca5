from flask import Blueprint, Flask
from flask_restful import Api

import urls
from namespaces import blueprint
from resources import Item, Items, Locked

MODULES = [urls]

app = Flask(__name__)
api = Api(app, prefix="/rest")
api.add_resource(Items, "/items", "/all-items")
api.add_resource(Item, "/items/<int:number>")

locked = Blueprint("locked", __name__, url_prefix="/locked")
locked_api = Api(locked)
locked_api.add_resource(Locked, "/one")

for part, prefix in [(locked, "/first"), (blueprint, None)]:
    app.register_blueprint(part, url_prefix=prefix)
for module in MODULES:
    app.register_blueprint(module.bp)
