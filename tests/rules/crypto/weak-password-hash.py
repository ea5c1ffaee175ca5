"""`weak-password-hash`: marked on schemes for passwords that are quick to undo."""
import crypt

from passlib.hash import argon2, md5_crypt, nthash

PASSWORD_HASHERS = [  # expect: weak-password-hash
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


def store(password):
    return crypt.crypt(password, crypt.METHOD_MD5)  # expect: weak-password-hash


def store_slowly(password):
    return crypt.crypt(password, crypt.METHOD_SHA512)


def others(password):
    crypt.crypt(password, salt=crypt.mksalt(crypt.METHOD_CRYPT))  # expect: weak-password-hash, weak-password-hash
    crypt.mksalt(method=crypt.METHOD_MD5)  # expect: weak-password-hash
    crypt.crypt(password)
    crypt.mksalt()
    crypt.mksalt(crypt.METHOD_BLOWFISH)
    md5_crypt.hash(password)  # expect: weak-password-hash
    nthash.hash(password)  # expect: weak-password-hash
    argon2.hash(password)


def check(password, stored):
    return md5_crypt.verify(password, stored)


class Migration:
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
