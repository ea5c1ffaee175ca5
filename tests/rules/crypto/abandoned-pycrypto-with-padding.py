"""What only PyCryptodome has says which of the two a file means."""
# only: abandoned-pycrypto
from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
from Crypto.Util.Padding import pad


def encrypt(key, text):
    vector = get_random_bytes(16)
    return vector + AES.new(key, AES.MODE_CBC, vector).encrypt(pad(text, 16))
