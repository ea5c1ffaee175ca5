from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed


class MachineAuthentication(BaseAuthentication):
    def authenticate(self, request):
        token = request.headers.get("X-Machine")
        if token is None:
            raise AuthenticationFailed("no token")
        return token, None
