"""How values are turned into bytes. One place, so that the format can be changed."""

from pickle import dumps, loads

__all__ = ["dumps", "loads"]
