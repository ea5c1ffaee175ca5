"""`yaml-load`: marked where a document can name any class, silent with a loader that makes plain data."""
import yaml
from yaml import load, load_all

try:
    from yaml import CSafeLoader as FastLoader
except ImportError:
    from yaml import SafeLoader as FastLoader

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
