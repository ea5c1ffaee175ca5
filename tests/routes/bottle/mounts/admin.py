from bottle import Bottle

from auth import require_login

admin = Bottle()
other = Bottle()


@admin.get("/users")
def users():  # route: GET /admin/users protected require_login
    require_login()
    return "users"


@admin.route("/status")
def status():  # route: GET /admin/status open
    return "fine"
