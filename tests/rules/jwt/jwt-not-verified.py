"""`jwt-not-verified`: marked where a token is read without its signature."""
import os

import jwt
from flask import Flask, request
from jose import jws
from jose import jwt as jose_jwt

app = Flask(__name__)
KEY = os.environ["JWT_KEY"]
OPTIONS = {"verify_signature": False, "verify_exp": True}
VERIFY = False


@app.get("/me")
def me():
    token = request.headers["Authorization"]
    return jwt.decode(token, options={"verify_signature": False})  # expect: jwt-not-verified


@app.get("/you")
def you():
    token = request.headers["Authorization"]
    return jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_aud": False})


def with_options(token):
    return jwt.decode(token, KEY, algorithms=["HS256"], options=OPTIONS)  # expect: jwt-not-verified


def with_spread(token):
    extra = {"options": {"verify_signature": False}}
    return jwt.decode(token, KEY, **extra)  # expect: jwt-not-verified


def before_two(token):
    return jwt.decode(token, KEY, verify=False)  # expect: jwt-not-verified


def before_two_by_constant(token):
    return jwt.decode(token, verify=VERIFY)  # expect: jwt-not-verified


def before_two_by_position(token):
    return jwt.decode(token, KEY, False)  # expect: jwt-not-verified


def with_jose(token):
    return jose_jwt.get_unverified_claims(token)  # expect: jwt-not-verified


def with_jws(token):
    return jws.verify(token, KEY, ["HS256"], verify=False)  # expect: jwt-not-verified


def old_tokens(token):
    return jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_exp": False})  # expect: jwt-not-verified


def with_chosen_options(token, options, verify):
    return jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_signature": verify}), jwt.decode(
        token, KEY, algorithms=["HS256"], options=options
    )


def of_an_issuer(token, keys):
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    return jwt.decode(token, keys[issuer], algorithms=["RS256"])


def checked_by_a_helper(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    verify_issuer(token, claims["iss"])
    return claims


def lasts_until(token):
    own = jwt.decode(token, options={"verify_signature": False})
    return own["exp"], own.get("iat")


def lasts_until_at_once(token):
    return jwt.decode(token, options={"verify_signature": False})["exp"]


JWT_AUTH = {
    "JWT_VERIFY": False,  # expect: jwt-not-verified
    "JWT_ALLOW_REFRESH": False,
}


# In the body of a module one call says nothing of another.
first = jwt.decode("token", find_key(), options={"verify_signature": False})  # expect: jwt-not-verified
second = jwt.decode("token", find_key(), algorithms=["HS256"])
