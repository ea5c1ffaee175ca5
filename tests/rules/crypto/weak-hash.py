"""`weak-hash`: marked where MD5 or SHA-1 may guard something, silent where names say that they only tell apart."""
import hashlib
import hmac
import inspect
from hashlib import sha1

import salt.utils
from Cryptodome.Hash import MD5
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

try:
    from hashlib import md5
except ImportError:
    from md5 import md5

ALGORITHM = "md5"


def store_password(user, password):
    user.password_hash = hashlib.md5(password.encode()).hexdigest()  # expect: weak-hash


def file_checksum(path):
    with open(path, "rb") as stream:
        return hashlib.md5(stream.read()).hexdigest()  # expect: unmarked-weak-hash


def page_version(body):
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def guards(secret, text, request):
    md5(text)  # expect: weak-hash
    token = sha1(text).hexdigest()  # expect: weak-hash
    hashlib.new("sha1", text)  # expect: weak-hash
    hashlib.new(ALGORITHM, text)  # expect: weak-hash
    MD5.new(text)  # expect: weak-hash
    hmac.new(secret, text, hashlib.md5)  # expect: weak-hash
    hmac.new(secret, text, digestmod="sha1")  # expect: weak-hash
    signer = hashlib.sha1()  # expect: weak-hash
    signer.update(secret)
    return token, request


def stronger(secret, text, name):
    hashlib.sha256(text)
    hashlib.new("sha256", text)
    hashlib.new(name, text)
    hmac.new(secret, text, hashlib.sha256)
    hmac.new(secret, text)
    hashlib.md5(text, usedforsecurity=False)
    hashlib.new("md5", text, usedforsecurity=False)
    hashlib.new("md5", text, usedforsecurity=True)  # expect: weak-hash
    hashlib.sha1(text, usedforsecurity=True)  # expect: weak-hash


def sign(key, data, certificate):
    key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # expect: weak-hash
    key.decrypt(data, padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None))
    return certificate.fingerprint(hashes.SHA1())


def response(response, view, text):
    response.headers["ETag"] = md5(text).hexdigest()  # expect: unmarked-weak-hash
    cache_key = "page:" + hashlib.sha1(view.encode()).hexdigest()  # expect: unmarked-weak-hash
    response.set_etag(hashlib.md5(text).hexdigest())  # expect: unmarked-weak-hash
    return cache_key


def chunks(stream):
    hasher = hashlib.sha1()  # expect: unmarked-weak-hash
    for chunk in stream:
        hasher.update(chunk)
    return hasher


def names(function, topic):
    seen = hashlib.md5()  # expect: weak-hash
    seen.update(str(inspect.signature(function)).encode())
    return hashlib.sha1(salt.utils.to_bytes(topic))  # expect: weak-hash
