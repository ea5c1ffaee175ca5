from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Request, Security, status
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="token")
lenient = HTTPBearer(auto_error=False)
api_key = APIKeyHeader(name="X-Key", auto_error=False)


class User:
    pass


def read_token(token: str = Depends(scheme)):
    return jwt.decode(token, "secret", algorithms=["HS256"])


def current_user(payload=Depends(read_token)):
    return payload["sub"]


def lenient_user(credentials=Depends(lenient)):
    if not credentials:
        return None
    if credentials.credentials != "x":
        raise HTTPException(status_code=401)
    return User()


def optional_user(credentials=Depends(lenient)):
    try:
        return strict_user(credentials)
    except HTTPException:
        return None


def strict_user(credentials):
    if credentials is None:
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)
    return User()


def checked_key(key: str = Security(api_key)):
    if key != "right":
        raise Denied()


class Denied(HTTPException):
    def __init__(self):
        super().__init__(status_code=403, detail="no")


class RoleChecker:
    def __init__(self, roles):
        self.roles = roles

    def __call__(self, user=Depends(current_user)):
        return user


class Kinds:
    def __init__(self, kinds):
        self.kinds = kinds

    def __call__(self, kind: str):
        return kind in self.kinds


def require_role(role):
    def check(user=Depends(lenient_user)):
        if user is None or role not in user.roles:
            raise HTTPException(403)
        return user

    return check


def rate_limit(request: Request):
    if request.headers.get("x"):
        raise HTTPException(status_code=403)


class AuthService:
    def verify(self, token):
        raise HTTPException(status_code=401)


def get_auth_service():
    return AuthService()


def get_user(credentials=Depends(lenient)):
    return user_of_token(credentials)


def user_of_token(token):
    if not token:
        raise HTTPException(status_code=401)
    return User()


CurrentUser = Annotated[User, Depends(current_user)]
MaybeUser = Annotated[User | None, Depends(lenient_user)]
Service = Annotated[AuthService, Depends(get_auth_service)]
