"""`weak-tls-ciphers`: marked where ciphers are allowed that are broken or protect nothing."""
import ssl

STRONG = "ECDHE+AESGCM:!aNULL:!eNULL:!RC4:!3DES"


def context():
    made = ssl.create_default_context()
    made.set_ciphers("ECDHE+AESGCM:RC4-SHA")  # expect: weak-tls-ciphers
    return made


def strong_context():
    made = ssl.create_default_context()
    made.set_ciphers(STRONG)
    return made


def others(made, ciphers):
    made.set_ciphers("HIGH:DES-CBC3-SHA")  # expect: weak-tls-ciphers
    made.set_ciphers("eNULL")  # expect: weak-tls-ciphers
    made.set_ciphers("LOW:HIGH")  # expect: weak-tls-ciphers
    made.set_ciphers("DEFAULT:-RC4:!EXP")
    made.set_ciphers("HIGH:!DH:!aNULL")
    made.set_ciphers(ciphers)
