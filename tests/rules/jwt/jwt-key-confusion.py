"""`jwt-key-confusion`: marked where a token may have a public key taken for a secret."""
import os
from pathlib import Path

import jwt
from jose import jwt as jose_jwt

KEY = os.environ["JWT_KEY"]
PUBLIC_KEY = Path("keys/public.pem").read_text()
PEM = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
-----END PUBLIC KEY-----"""


def claims_of(token):
    return jose_jwt.decode(token, KEY, algorithms=["RS256", "HS256"])  # expect: jwt-key-confusion


def claims_of_one_family(token):
    return jose_jwt.decode(token, KEY, algorithms=["RS256", "RS512"])


def in_other_ways(token):
    jwt.decode(token, KEY, algorithms=["HS256", "ES256"])  # expect: jwt-key-confusion
    jwt.decode(token, PUBLIC_KEY, algorithms=["HS256"])  # expect: jwt-key-confusion
    jwt.decode(token, PEM, ["HS512"])  # expect: jwt-key-confusion
    jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])
    jwt.decode(token, KEY, algorithms=["HS256", "HS512"])


def as_the_token_says(token):
    header = jwt.get_unverified_header(token)
    jwt.decode(token, KEY, algorithms=[header["alg"]])  # expect: jwt-key-confusion
    algorithm = header.get("alg")
    jwt.decode(token, KEY, algorithms=[algorithm])  # expect: jwt-key-confusion
    jwt.decode(token, keys[header["kid"]], algorithms=["RS256"])
