from functools import wraps

from sanic.exceptions import Unauthorized


def require_user(request):
    return check_token(request)


def check_token(request):
    if not request.token:
        raise Unauthorized("who is there?")
    return request.token


def protected():
    def decorator(handler):
        @wraps(handler)
        async def wrapped(request, *args, **kwargs):
            check_token(request)
            return await handler(request, *args, **kwargs)

        return wrapped

    return decorator
