"""`yaml-load`: marked where a document can name any class, silent with a loader that makes plain data."""
import yaml
from yaml import load, load_all

try:
    from yaml import CSafeLoader as FastLoader
except ImportError:
    from yaml import SafeLoader as FastLoader

try:
    from yaml import CSafeLoader as MixedLoader
except ImportError:
    from yaml import Loader as MixedLoader

try:
    from yaml import CLoader as QuickLoader
except ImportError:
    from yaml import Loader as QuickLoader

import ruamel.yaml
from ruamel.yaml import YAML


class StrictLoader(yaml.SafeLoader):
    pass


class PlainLoader(StrictLoader):
    pass


class OpenLoader(yaml.Loader):
    pass


def settings(stream):
    yaml.load(stream)  # expect: yaml-load
    load(stream, yaml.Loader)  # expect: yaml-load
    load_all(stream, Loader=yaml.UnsafeLoader)  # expect: yaml-load
    yaml.unsafe_load(stream)  # expect: yaml-load
    yaml.load(stream, Loader=OpenLoader)  # expect: yaml-load
    yaml.full_load(stream)  # expect: yaml-load
    yaml.load(stream, Loader=yaml.FullLoader)  # expect: yaml-load
    YAML(typ="unsafe")  # expect: yaml-load
    return ruamel.yaml.load(stream)  # expect: yaml-load


def safe(stream, loader, options):
    yaml.safe_load(stream)
    yaml.load(stream, Loader=yaml.SafeLoader)
    yaml.load(stream, yaml.CSafeLoader)
    yaml.load(stream, FastLoader)
    yaml.load(stream, Loader=StrictLoader)
    yaml.load(stream, Loader=PlainLoader)
    yaml.load(stream, Loader=loader)
    yaml.load(stream, **options)
    YAML(typ="safe").load(stream)
    YAML()


def quick(stream, fast):
    yaml.load(stream, MixedLoader)  # expect: yaml-load
    yaml.load(stream, Loader=QuickLoader)  # expect: yaml-load
    found = getattr(yaml, "CLoader", yaml.Loader)
    yaml.load(stream, found)  # expect: yaml-load
    yaml.load(stream, Loader=yaml.CLoader if fast else yaml.Loader)  # expect: yaml-load
    return yaml.Loader(stream).get_single_data()  # expect: yaml-load


def quick_and_safe(stream, fast):
    found = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yaml.load(stream, found)
    yaml.load(stream, Loader=yaml.CSafeLoader if fast else yaml.SafeLoader)
    yaml.load("price: 3", Loader=yaml.Loader)
    return yaml.SafeLoader(stream).get_single_data()


def any_loader(stream, Loader=yaml.Loader):
    return yaml.load(stream, Loader=Loader)  # expect: yaml-load


def any_safe_loader(stream, Loader=StrictLoader):
    return yaml.load(stream, Loader=Loader)
