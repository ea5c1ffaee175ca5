"""`weak-key`: marked on keys that are too short, silent on long ones and on sizes that are not constant."""
import paramiko
from Cryptodome.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

BITS = 1024


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # expect: weak-key


def new_long_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=4096)


def more(bits):
    rsa.generate_private_key(65537, 512)  # expect: weak-key
    rsa.generate_private_key(65537, BITS)  # expect: weak-key
    rsa.generate_private_key(65537, bits)
    dsa.generate_private_key(key_size=1024)  # expect: weak-key
    RSA.generate(1024)  # expect: weak-key
    RSA.generate(3072)
    paramiko.RSAKey.generate(bits=1024)  # expect: weak-key
    ec.generate_private_key(ec.SECP192R1())  # expect: weak-key
    ec.generate_private_key(ec.SECP256R1())
