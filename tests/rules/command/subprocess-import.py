"""`subprocess-import`: marked once for each statement that imports a module for starting programs."""
# only: subprocess-import
import importlib
import subprocess  # expect: subprocess-import
from subprocess import PIPE, Popen, run  # expect: subprocess-import

import os
from . import subprocess as own
from .subprocess import start
import subprocess_tee


def late():
    import pexpect  # expect: subprocess-import

    by_name = importlib.import_module("subprocess")  # expect: subprocess-import
    other = __import__(name="commands")  # expect: subprocess-import
    return pexpect, by_name, other


def harmless(name):
    importlib.import_module("shop.rates")
    importlib.import_module(name)
