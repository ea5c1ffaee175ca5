"""`weak-key-derivation`: marked where a key is made of a password in too few rounds."""
# only: weak-key-derivation
import hashlib

import bcrypt
from Crypto.Protocol.KDF import PBKDF2, scrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

ROUNDS = 1000


def key_of(password, salt):
    return hashlib.pbkdf2_hmac("sha256", password, salt, ROUNDS)  # expect: weak-key-derivation


def slow_key_of(password, salt):
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def others(password, salt, rounds):
    hashlib.pbkdf2_hmac("sha256", password, salt, iterations=4096)  # expect: weak-key-derivation
    hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
    PBKDF2(password, salt)  # expect: weak-key-derivation
    PBKDF2(password, salt, 32, 1000)  # expect: weak-key-derivation
    PBKDF2(password, salt, count=1_000_000)
    PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=20_000)  # expect: weak-key-derivation
    PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=600_000)
    scrypt(password, salt, 32, N=2**17, r=8, p=1)


def cost(options):
    bcrypt.gensalt(4)  # expect: weak-key-derivation
    bcrypt.gensalt(rounds=12)
    bcrypt.gensalt()
    hashlib.pbkdf2_hmac("sha256", options.key, options.salt, 1)
    PBKDF2(**options)
