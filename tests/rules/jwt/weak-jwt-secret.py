"""`weak-jwt-secret`: marked where the key of a token is constant and can be guessed or tried out."""
import os

import jwt
import jwt as pyjwt
from authlib.jose import JsonWebToken
from authlib.jose import jwt as authlib_jwt
from fastapi import FastAPI
from flask import Flask
from jose import jwt as jose_jwt
from jwt import encode
from pydantic_settings import BaseSettings

SECRET = "shop-secret"
KEY = os.environ["JWT_KEY"]
FALLBACK = os.environ.get("JWT_KEY", "change-me-in-production")
ALTERNATIVE = os.getenv("JWT_KEY") or "supersecret"
LONG = "Zr7Tw9vLx2QmK4bN8sYpD1eHfJ6cUaG3"
RSA_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"


def issue(user, expires):
    return jwt.encode({"sub": user, "exp": expires}, "secret", algorithm="HS256")  # expect: weak-jwt-secret


def issue_with_key(user, expires):
    return jwt.encode({"sub": user, "exp": expires}, KEY, algorithm="HS256")


class Settings(BaseSettings):
    secret_key: str = "not-a-secret-at-all-but-a-default"  # expect: hardcoded-secret
    strong_key: str


settings = Settings()


def issue_in_other_ways(user, expires, key):
    claims = {"sub": user, "exp": expires}
    encode(claims, SECRET)  # expect: weak-jwt-secret
    pyjwt.encode(payload=claims, key="8charkey", algorithm="HS512")  # expect: weak-jwt-secret
    pyjwt.PyJWT().encode(claims, b"my little pony")  # expect: weak-jwt-secret
    jwt.encode(claims, FALLBACK, "HS256")  # expect: weak-jwt-secret
    jwt.encode(claims, ALTERNATIVE, "HS256")  # expect: weak-jwt-secret
    jwt.encode(claims, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "HS256")  # expect: weak-jwt-secret
    jwt.encode(claims, "the quick brown fox jumps", "HS256")  # expect: weak-jwt-secret
    jwt.encode(claims, settings.secret_key, "HS256")  # expect: weak-jwt-secret
    jose_jwt.encode(claims, SECRET.encode(), algorithm="HS256")  # expect: weak-jwt-secret
    authlib_jwt.encode({"alg": "HS256"}, claims, "jwt-key")  # expect: weak-jwt-secret
    JsonWebToken(["HS256"]).encode({"alg": "HS256"}, claims, "jwt-key")  # expect: weak-jwt-secret
    jwt.encode(claims, LONG, "HS256")
    jwt.encode(claims, RSA_KEY, "RS256")
    jwt.encode(claims, key, "HS256")
    jwt.encode(claims, settings.strong_key, "HS256")
    "text".encode("secret")


def read(token):
    return jwt.decode(token, "another-secret", algorithms=["HS256"])  # expect: weak-jwt-secret


def read_own(token):
    # The same key is reported where it signs.
    return jwt.decode(token, SECRET, algorithms=["HS256"])


def configured():
    app = Flask(__name__)
    app.config["JWT_SECRET_KEY"] = "changeme"  # expect: weak-jwt-secret
    app.config.update(JWT_SECRET_KEY=os.environ["JWT_KEY"])
    app.config["JWT_TTL_NAME"] = "short"
    return app, FastAPI()


def signed_by_configuration(app, claims):
    app.config["TOKEN_KEY"] = "flask-jwt"  # expect: hardcoded-secret
    claims = {"sub": 1, "exp": 5}
    return jwt.encode(claims, app.config["TOKEN_KEY"])  # expect: weak-jwt-secret


class DevelopmentConfig:
    JWT_SECRET_KEY = "dev"  # expect: hardcoded-secret


SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": "insecure-signing-key",  # expect: weak-jwt-secret
    "AUDIENCE": None,
}
