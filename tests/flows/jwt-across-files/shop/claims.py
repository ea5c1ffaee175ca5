from shop.config import ISSUER


def claims_of(user):
    return {**ISSUER, "sub": user}


def lasting_claims_of(user, expires):
    claims = claims_of(user)
    claims.update(exp=expires)
    return claims
