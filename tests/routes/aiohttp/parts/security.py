from functools import wraps

from aiohttp import web


async def require_user(request):
    user = await verify_token(request.headers.get("Authorization"))
    return user


async def verify_token(token):
    if not token:
        raise web.HTTPUnauthorized()
    return token


def login_required(handler):
    @wraps(handler)
    async def wrapped(request):
        await require_user(request)
        return await handler(request)

    return wrapped
