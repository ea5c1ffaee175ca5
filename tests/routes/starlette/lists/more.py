from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, SimpleUser
from starlette.routing import Route


def other(request):  # route: GET /api/other open
    return None


def unused(request):  # route: GET /unused open unmounted
    return None


def secret(request):  # route: GET /secret protected StrictBackend
    return None


class BasicBackend(AuthenticationBackend):
    async def authenticate(self, conn):
        if "Authorization" not in conn.headers:
            return
        raise AuthenticationError("bad")


class StrictBackend(AuthenticationBackend):
    async def authenticate(self, conn):
        if "Authorization" not in conn.headers:
            raise AuthenticationError("no")
        return AuthCredentials(["authenticated"]), SimpleUser("x")


OTHERS = [Route("/other", other)]
UNUSED = [Route("/unused", unused)]
