"""`weak-jwt-algorithm`: marked where tokens without a signature are made or accepted."""
import os

import jwt
from authlib.jose import JsonWebToken
from authlib.jose import jwt as authlib_jwt
from jose import jwt as jose_jwt
from jwt import decode as read

KEY = os.environ["JWT_KEY"]
ACCEPTED = ("HS256", "none")
NONE = "none"


def claims_of(token):
    return jwt.decode(token, KEY, algorithms=["HS256", "none"])  # expect: weak-jwt-algorithm


def claims_of_signed(token):
    return jwt.decode(token, KEY, algorithms=["HS256"])


def in_other_ways(token, algorithm, claims):
    read(token, KEY, ACCEPTED)  # expect: weak-jwt-algorithm
    jwt.decode(token, KEY, algorithms={"NONE"})  # expect: weak-jwt-algorithm
    jwt.decode_complete(token, KEY, algorithms=[NONE])  # expect: weak-jwt-algorithm
    jose_jwt.decode(token, KEY, algorithms="none")  # expect: weak-jwt-algorithm
    jwt.encode(claims, KEY, "none")  # expect: weak-jwt-algorithm
    jwt.encode(claims, None, algorithm=None)  # expect: weak-jwt-algorithm
    jwt.encode(claims, KEY, algorithm=NONE)  # expect: weak-jwt-algorithm
    authlib_jwt.encode({"alg": "none"}, claims, KEY)  # expect: weak-jwt-algorithm
    JsonWebToken(["HS256", "none"])  # expect: weak-jwt-algorithm
    jwt.decode(token, KEY, algorithms=[algorithm])
    jwt.decode(token, KEY, algorithms=algorithm)
    jwt.encode(claims, KEY)
    authlib_jwt.encode({"alg": "HS256"}, claims, KEY)
    jose_jwt.encode(claims, KEY, algorithm="RS256")
    JsonWebToken(["RS256"])


JWT_ALGORITHM = "none"  # expect: weak-jwt-algorithm
