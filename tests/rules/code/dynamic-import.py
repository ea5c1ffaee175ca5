"""`dynamic-import`: marked where a module is imported whose name is not constant."""
# only: dynamic-import
import importlib
import os
import runpy
from importlib import import_module

EXPORTERS = {"csv": "shop.exporters.csv", "xml": "shop.exporters.xml"}
DEFAULT = "shop.exporters.csv"


def exporter(name):
    return importlib.import_module(name)  # expect: dynamic-import


def listed_exporter(kind):
    return importlib.import_module(EXPORTERS[kind])


def plugin(name):
    module = import_module(name + ".plugin")  # expect: dynamic-import
    other = __import__(name)  # expect: dynamic-import
    return module, other


def job(path):
    return runpy.run_path(path)  # expect: dynamic-import


def within_a_package(name):
    import_module(f"shop.plugins.{name}")
    import_module(f".{name}", "shop.plugins")
    import_module("shop." + name)


def constant():
    import_module("shop.rates")
    import_module(DEFAULT)
    __import__("shop.rates")


def by_the_operator():
    return import_module(os.environ["SHOP_SETTINGS"])


def itself():
    return import_module(__name__)


def __getattr__(name):
    return import_module(LAZY[name])
