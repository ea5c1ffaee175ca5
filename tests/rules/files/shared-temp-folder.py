"""`shared-temp-folder`: marked where a program keeps its files in the folder that all users share."""
# only: shared-temp-folder
import os
import tempfile
import uuid
from pathlib import Path
from tempfile import gettempdir as tmp

CACHE = Path(tempfile.gettempdir()) / "shop-cache"  # expect: shared-temp-folder


class FileCache:
    def __init__(self, directory=None):
        if directory is None:
            directory = tempfile.gettempdir()  # expect: shared-temp-folder
        self.directory = directory


class Downloads:
    def __init__(self, location=None):
        if location is None:
            location = os.path.join(tmp(), "shop")  # expect: shared-temp-folder
        self.location = location
        self.other = location or tempfile.gettempdir()  # expect: shared-temp-folder


def storage():
    return os.path.join(tempfile.gettempdir(), "shop", "bundles")  # expect: shared-temp-folder


def harmless(name, cwd=None):
    place = os.path.join(tempfile.gettempdir(), str(uuid.uuid4()))
    own = tempfile.mkdtemp(dir=tempfile.gettempdir())
    if cwd is None:
        cwd = tempfile.gettempdir()
    if name.startswith(tempfile.gettempdir()):
        return None
    print(tempfile.gettempdir())
    return place, own, cwd


def folder():
    return tempfile.gettempdir()


class Session:
    def __init__(self):
        self.folder = os.path.join(tempfile.gettempdir(), uuid.uuid4().hex)
