from flask import Blueprint
from flask_restx import Api, Namespace, Resource

from resources import auth

blueprint = Blueprint("x", __name__, url_prefix="/x")
api = Api(blueprint, doc="/docs")
todos = Namespace("todos", decorators=[auth.login_required])
users = api.namespace("users", path="/people")
api.add_namespace(todos)


@todos.route("/", "/list")
class Todos(Resource):
    def get(self):  # route: GET /x/todos/ protected auth.login_required; GET /x/todos/list protected auth.login_required
        return []


@users.route("/<string:name>")
class User(Resource):
    def put(self, name):  # route: PUT /x/people/<string:name> open
        return {}
