"""`pickle-load`: marked where strange data is unpickled, silent where the program reads what it has just written."""
import pickle
from pickle import Unpickler, loads as unserialize

try:
    import cPickle as fast_pickle
except ImportError:
    import pickle as fast_pickle

import dill
import joblib
import jsonpickle
import pandas as pd


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
