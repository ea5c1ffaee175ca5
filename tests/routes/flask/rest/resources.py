from flask_httpauth import HTTPTokenAuth
from flask_jwt_extended import jwt_required
from flask_restful import Resource

auth = HTTPTokenAuth()


class Items(Resource):
    def get(self):  # route: GET /rest/items open; GET /rest/all-items open
        return []

    @auth.login_required
    def post(self):  # route: POST /rest/items protected auth.login_required; POST /rest/all-items protected auth.login_required
        return {}

    def helper(self):
        return "no route"


class Item(Resource):
    @jwt_required(optional=True)
    def get(self, number):  # route: GET /rest/items/<int:number> open
        return {}

    @jwt_required()
    def delete(self, number):  # route: DELETE /rest/items/<int:number> protected jwt_required
        return {}


class Locked(Resource):
    method_decorators = {"post": [auth.login_required]}

    def get(self):  # route: GET /first/one open
        return {}

    def post(self):  # route: POST /first/one protected auth.login_required
        return {}
