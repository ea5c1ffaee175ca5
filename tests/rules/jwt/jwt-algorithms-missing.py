"""`jwt-algorithms-missing`: marked where a token is verified by whatever algorithm it names."""
import os

import jwt
from jose import jws
from jose import jwt as jose_jwt
from jwt import PyJWKClient

KEY = os.environ["JWT_KEY"]
client = PyJWKClient("https://id.shop.example/keys")


def claims_of(token):
    return jose_jwt.decode(token, KEY)  # expect: jwt-algorithms-missing


def claims_by_name(token):
    return jose_jwt.decode(token, KEY, algorithms=["HS256"])


def in_other_ways(token, options, more):
    jwt.decode(token, KEY)  # expect: jwt-algorithms-missing
    jwt.decode(token, key=KEY, audience="shop")  # expect: jwt-algorithms-missing
    jose_jwt.decode(token, KEY, algorithms=None)  # expect: jwt-algorithms-missing
    jws.verify(token, KEY, None)  # expect: jwt-algorithms-missing
    jwt.decode(token, KEY, ["HS256"])
    jwt.decode(token, KEY, algorithms=options.algorithms)
    jwt.decode(token, KEY, **more)
    jwt.decode(token, KEY, *more)
    jwt.get_unverified_header(token)
    # A key of a set brings its algorithm.
    jwt.decode(token, client.get_signing_key_from_jwt(token))
    signing_key = client.get_signing_key_from_jwt(token)
    jwt.decode(token, signing_key)
