"""`pickle-import`: marked once for each statement that imports a module whose data can name code."""
# only: pickle-import
import importlib
import json
import pickletools

import pickle  # expect: pickle-import
from dill import dumps, loads  # expect: pickle-import

from .pickle import load

try:
    import cPickle as pickle2  # expect: pickle-import
except ImportError:
    pickle2 = pickle


def late():
    import shelve  # expect: pickle-import

    by_name = importlib.import_module("cloudpickle")  # expect: pickle-import
    other = __import__("_pickle")  # expect: pickle-import
    return shelve, by_name, other, __import__("json")
