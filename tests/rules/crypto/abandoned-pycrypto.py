"""`abandoned-pycrypto`: marked at imports of `Crypto`, silent on `Cryptodome` and `cryptography`."""
from Crypto.Cipher import AES  # expect: abandoned-pycrypto

from Cryptodome.Hash import SHA256


def encrypt(key, nonce, text):
    return AES.new(key, AES.MODE_GCM, nonce=nonce).encrypt(text)


def digest(text):
    return SHA256.new(text)
