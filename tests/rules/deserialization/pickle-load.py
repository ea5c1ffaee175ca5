"""`pickle-load`: marked where strange data is unpickled, silent where the program reads what it has just written."""
# only: pickle-load
import base64
import hmac
import io
import pickle
import shelve
import tempfile
import zlib
from pickle import Unpickler, loads as unserialize

try:
    import cPickle as fast_pickle
except ImportError:
    import pickle as fast_pickle

import cloudpickle
import dill
import joblib
import jsonpickle
import pandas as pd
import torch
from six.moves import cPickle


def restore_cart(request):
    return pickle.loads(request.cookies["cart"])  # expect: pickle-load


def restore_all(stream, text, body):
    unserialize(body)  # expect: pickle-load
    Unpickler(stream).load()  # expect: pickle-load
    fast_pickle.load(stream)  # expect: pickle-load
    dill.load(file=stream)  # expect: pickle-load
    joblib.load(stream)  # expect: pickle-load
    jsonpickle.decode(text)  # expect: pickle-load
    pd.read_pickle(text)  # expect: pickle-load
    load = pickle.loads
    return load(body)  # expect: pickle-load


class Cache:
    def __init__(self, backend):
        self.codec = pickle
        self.backend = backend

    def get(self, key):
        return self.backend.loads(key)


def constant():
    return pickle.loads(b"\x80\x04N.")


class Model:
    def load(self, path):
        return self

    def loads(self, data):
        return data


def own_methods(model: Model):
    model.load("x")
    Model().loads(b"x")


def copies(value, model, path):
    pickle.loads(pickle.dumps(value))
    packed = base64.b64encode(zlib.compress(pickle.dumps(value)))
    pickle.loads(zlib.decompress(base64.b64decode(packed)))
    jsonpickle.decode(jsonpickle.encode(value))
    buffer = io.BytesIO()
    pickle.dump(value, buffer)
    buffer.seek(0)
    pickle.load(buffer)
    pickle.loads(buffer.getvalue())
    pickle.load(io.BytesIO(cloudpickle.dumps(value)))
    with tempfile.NamedTemporaryFile() as file:
        joblib.dump(model, file.name)
        joblib.load(file.name)
    with open(path + ".model", "wb") as file:
        pickle.dump(model, file)
    with open(path + ".model", "rb") as file:
        pickle.load(file)
    torch.save(model, path)
    return torch.load(path, weights_only=False)


def overwritten(value, data, path):
    packed = pickle.dumps(value)
    packed = data or packed
    pickle.loads(packed)  # expect: pickle-load
    with open(path + ".other", "wb") as file:
        pickle.dump(value, file)
    with open(path, "rb") as file:
        return pickle.load(file)  # expect: pickle-load


class Conversation:
    """What is written to a connection is not what is read from it."""

    def __init__(self, connection):
        self.stream = connection.makefile("rwb")
        self.connection = connection

    def ask(self, question):
        stream = self.connection.makefile("rwb")
        pickle.dump(question, stream)
        return pickle.load(stream)  # expect: pickle-load

    def answer(self):
        return self.connection.recv_pyobj()  # expect: pickle-load


class InOtherProcess:
    def __init__(self, function):
        self.function = None
        self.function = cloudpickle.dumps(function)
        self.reply = b""

    def run(self, reply):
        self.reply = reply
        cloudpickle.loads(self.function)()
        return cloudpickle.loads(self.reply)  # expect: pickle-load


class RestrictedUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if module != "builtins" or name not in {"set", "frozenset"}:
            raise pickle.UnpicklingError(f"{module}.{name} is forbidden")
        return super().find_class(module, name)


class RenamingUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return super().find_class(module.replace("shop.old", "shop"), name)


class Storage(pickle.Unpickler):
    def persistent_load(self, key):
        return key


def subclasses(stream):
    RestrictedUnpickler(stream).load()
    RenamingUnpickler(stream).load()  # expect: pickle-load
    return Storage(stream).load()  # expect: pickle-load


def shelves(path):
    with shelve.open(path, flag="n") as shelf:
        shelf["seen"] = []
    with shelve.open(path) as shelf:  # expect: pickle-load
        return shelf["seen"]


def signed(signer, text, data, key, digest):
    session = signer.unsign(text)
    pickle.loads(base64.b64decode(session))
    if not hmac.compare_digest(hmac.digest(key, data, "sha256"), digest):
        raise ValueError("wrong signature")
    return pickle.loads(data)  # expect: pickle-load


def old(data, path, only):
    cPickle.loads(data)  # expect: pickle-load
    torch.load(path, weights_only=False)  # expect: pickle-load
    torch.load(path, weights_only=True)
    return torch.load(path, weights_only=only)
