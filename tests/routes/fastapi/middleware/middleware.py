from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse


class TimingMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


class KeyMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["path"].startswith("/other/private") and not self.has_key(scope):
            return await PlainTextResponse("no", status_code=403)(scope, receive, send)
        await self.app(scope, receive, send)

    def has_key(self, scope):
        return False
