"""`pickled-array-load`: numpy loads objects only where it is told to."""
import numpy as np
from numpy import load

ALLOW = True


def features(path):
    np.load(path, allow_pickle=True)  # expect: pickled-array-load
    load(path, None, ALLOW)  # expect: pickled-array-load
    return np.load(path, mmap_mode="r")


def numbers(path, allow):
    np.load(path)
    np.load(path, allow_pickle=False)
    np.load(path, allow_pickle=allow)


def cached(path, table):
    np.save(path, table, allow_pickle=True)
    return np.load(path, allow_pickle=True)
