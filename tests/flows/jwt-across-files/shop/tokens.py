import jwt as tokens

from shop import config
from shop.claims import claims_of, lasting_claims_of
from shop.config import ALGORITHMS, OPTIONS, SECRET, STRONG


def issue(user, expires):
    tokens.encode(lasting_claims_of(user, expires), SECRET)  # expect: weak-jwt-secret
    tokens.encode(lasting_claims_of(user, expires), config.SECRET)  # expect: weak-jwt-secret
    tokens.encode(claims_of(user), STRONG)  # expect: weak-jwt-missing-exp
    tokens.encode(config.ISSUER, STRONG)  # expect: weak-jwt-missing-exp
    return tokens.encode(lasting_claims_of(user, expires), config.STRONG)


def read(token):
    return tokens.decode(token, STRONG, algorithms=ALGORITHMS)  # expect: weak-jwt-algorithm


def peek(token):
    return tokens.decode(token, STRONG, algorithms=["HS256"], options=OPTIONS)  # expect: jwt-not-verified
