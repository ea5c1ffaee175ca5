from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="/login/access-token")


def get_db():
    yield connect()


def caller(token: Annotated[str, Depends(scheme)]):
    user = decode(token)
    if user is None:
        raise HTTPException(status_code=403)
    return user


Caller = Annotated[object, Depends(caller)]
Session = Annotated[object, Depends(get_db)]
