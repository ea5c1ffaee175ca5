"""`weak-cipher`: marked on broken ciphers and on ECB, silent on AES in other modes."""
from Cryptodome.Cipher import AES, DES
from Cryptodome.Cipher import ARC4 as rc4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def encrypt(key, text):
    return DES.new(key, DES.MODE_CBC).encrypt(text)  # expect: weak-cipher


def encrypt_well(key, nonce, text):
    return AESGCM(key).encrypt(nonce, text, None)


def more(key, iv):
    AES.new(key, AES.MODE_ECB)  # expect: weak-cipher
    AES.new(key, mode=AES.MODE_ECB)  # expect: weak-cipher
    AES.new(key, AES.MODE_GCM)
    rc4.new(key)  # expect: weak-cipher
    Cipher(algorithms.TripleDES(key), modes.CBC(iv))  # expect: weak-cipher
    Cipher(algorithms.AES(key), modes.ECB())  # expect: weak-cipher
    Cipher(algorithms.AES(key), modes.GCM(iv))
