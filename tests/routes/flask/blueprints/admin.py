from flask import Blueprint, abort, g

bp = Blueprint("admin", __name__)


@bp.before_request
def only_admins():
    if g.user is None or not g.user.is_admin:
        abort(403)


@bp.route("/users", methods=["GET"])
def users():  # route: GET /admin/users protected only_admins
    return []


@bp.delete("/users/<uuid:user>")
def remove(user):  # route: DELETE /admin/users/<uuid:user> protected only_admins
    return ""
