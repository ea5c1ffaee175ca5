from sanic import Blueprint, response

from auth import protected, require_user

users = Blueprint("users", url_prefix="/users", version=3)
items = Blueprint("items", url_prefix="items")
api = Blueprint.group(users, items, url_prefix="/api", version=1, version_prefix="/rest/v")


@users.get("/")
@protected()
async def all_users(request):  # route: GET /rest/v3/api/users/ protected protected
    return response.json([])


@users.post("/new", version=4)
async def new_user(request):  # route: POST /rest/v4/api/users/new open
    return response.json({})


@items.get("/<item:uuid>")
async def item(request, item):  # route: GET /rest/v1/api/items/<item:uuid> protected require_user
    user = require_user(request)
    return response.json({"user": user})
