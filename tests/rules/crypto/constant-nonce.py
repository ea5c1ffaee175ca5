"""`constant-nonce`: marked where every text is encrypted with the same nonce or initialisation vector."""
# only: constant-nonce
import os

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VECTOR = b"0123456789abcdef"
ZEROS = b"\0" * 16


def encrypt(key, text):
    return AES.new(key, AES.MODE_CBC, VECTOR).encrypt(text)  # expect: constant-nonce


def encrypt_freshly(key, text):
    vector = os.urandom(16)
    return vector + AES.new(key, AES.MODE_CBC, vector).encrypt(text)


def others(key, text, vector):
    AES.new(key, AES.MODE_CBC, iv=b"\0" * 16)  # expect: constant-nonce
    AES.new(key, AES.MODE_CBC, iv=b"\0" * AES.block_size)  # expect: constant-nonce
    AES.new(key, AES.MODE_CBC, iv=bytes(16))  # expect: constant-nonce
    AES.new(key, AES.MODE_CBC, iv=ZEROS)  # expect: constant-nonce
    AES.new(key, AES.MODE_GCM, nonce="shop-nonce-1".encode())  # expect: constant-nonce
    AES.new(key, AES.MODE_GCM)
    AES.new(key, AES.MODE_CBC, vector)
    AES.new(key, AES.MODE_CBC, iv=None)


def with_cryptography(key, text, nonce):
    Cipher(algorithms.AES(key), modes.CBC(VECTOR))  # expect: constant-nonce
    Cipher(algorithms.AES(key), modes.CTR(nonce))
    AESGCM(key).encrypt(b"nonce-of-12b", text, None)  # expect: constant-nonce
    AESGCM(key).encrypt(nonce, text, None)


def supported(backend):
    return backend.cipher_supported(algorithms.AES, modes.CBC(b"\0" * 16))


def decrypt(key, text):
    return AES.new(key, AES.MODE_CBC, VECTOR).decrypt(text)
