"""`weak-jwt-missing-exp`: marked where all claims of a token are known and none says when it ends."""
import copy
import json
import os
from datetime import timedelta

import jwt
from authlib.jose import jwt as authlib_jwt
from fastapi_users.authentication import JWTStrategy
from flask import Flask
from flask_jwt_extended import create_access_token
from jose import jwt as jose_jwt

KEY = os.environ["JWT_KEY"]
BASE = {"iss": "shop"}


def login(user):
    return jwt.encode({"sub": user.id, "role": user.role}, KEY, algorithm="HS256")  # expect: weak-jwt-missing-exp


def login_for_an_hour(user, expires):
    return jwt.encode({"sub": user.id, "exp": expires}, KEY, algorithm="HS256")


def through_variables(user, expires, more):
    claims = {"sub": user}
    jwt.encode(claims, KEY)  # expect: weak-jwt-missing-exp
    payload = dict(BASE, sub=user)
    print(json.dumps(payload))
    jose_jwt.encode(payload, KEY)  # expect: weak-jwt-missing-exp
    made = BASE | {"sub": user}
    authlib_jwt.encode({"alg": "HS256"}, made, KEY)  # expect: weak-jwt-missing-exp
    grown = {**BASE, "sub": user}
    grown["iat"] = 1
    grown.update(aud="shop")
    grown |= {"nbf": 1}
    jwt.encode(payload=grown, key=KEY)  # expect: weak-jwt-missing-exp
    jwt.encode(copy.deepcopy(BASE), KEY)  # expect: weak-jwt-missing-exp
    jwt.encode(BASE.copy(), KEY)  # expect: weak-jwt-missing-exp


def claims_of(user):
    return {"sub": user}


def all_claims(user, expires):
    claims = claims_of(user)
    claims["exp"] = expires
    return claims


def from_functions(user, expires):
    jwt.encode(claims_of(user), KEY)  # expect: weak-jwt-missing-exp
    jwt.encode(all_claims(user, expires), KEY)
    jwt.encode(unknown_claims(user), KEY)


def with_expiry(user, expires, more, name):
    later = {"sub": user}
    later["exp"] = expires
    jwt.encode(later, KEY)
    updated = {"sub": user}
    updated.update({"exp": expires})
    jwt.encode(updated, KEY)
    keyword = {"sub": user}
    keyword.update(exp=expires)
    jwt.encode(keyword, KEY)
    default = {"sub": user}
    default.setdefault("exp", expires)
    jwt.encode(default, KEY)
    spread = {"exp": expires}
    jwt.encode({"sub": user, **spread}, KEY)
    jwt.encode({"sub": user, **more}, KEY)
    jwt.encode({"sub": user} | more, KEY)
    jwt.encode({name: expires}, KEY)
    given = {"sub": user}
    add_expiry(given)
    jwt.encode(given, KEY)
    copied = more.copy()
    copied.update({"sub": user})
    jwt.encode(copied, KEY)
    jwt.encode(more, KEY)
    jwt.encode({"sub": user}, key=None, algorithm="none")  # expect: weak-jwt-algorithm


def of_libraries(user, app: Flask):
    create_access_token(user, expires_delta=False)  # expect: weak-jwt-missing-exp
    create_access_token(user, expires_delta=timedelta(minutes=5))
    create_access_token(user)
    JWTStrategy(secret=KEY, lifetime_seconds=None)  # expect: weak-jwt-missing-exp
    JWTStrategy(secret=KEY, lifetime_seconds=3600)
    app.config["JWT_ACCESS_TOKEN_EXPIRES"] = False  # expect: weak-jwt-missing-exp
    app.config["JWT_REFRESH_TOKEN_EXPIRES"] = timedelta(days=1)


class TestingConfig:
    JWT_ACCESS_TOKEN_EXPIRES = False
