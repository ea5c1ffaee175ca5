from sanic import Blueprint, response

plain = Blueprint("plain")
alone = Blueprint("alone", url_prefix="/alone")


@plain.patch("/plain")
async def plain_patch(request):  # route: PATCH /plain open
    return response.empty()


@alone.get("/x")
async def nothing(request):  # route: GET /alone/x open unmounted
    return response.empty()
