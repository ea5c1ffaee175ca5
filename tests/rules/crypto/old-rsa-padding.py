"""`old-rsa-padding`: marked where RSA encrypts with the padding of PKCS #1 v1.5, silent on signatures."""
# only: old-rsa-padding
import rsa
from Cryptodome.Cipher import PKCS1_OAEP, PKCS1_v1_5
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def seal(key, text):
    return key.encrypt(text, padding.PKCS1v15())  # expect: old-rsa-padding


def seal_with_oaep(key, text):
    return key.encrypt(text, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))


def others(key, text):
    PKCS1_v1_5.new(key)  # expect: old-rsa-padding
    rsa.encrypt(text, key)  # expect: old-rsa-padding
    PKCS1_OAEP.new(key)


def sign(key, text):
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())
