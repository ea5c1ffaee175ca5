"""Small helpers without a better home."""

from .money import format_cents
from .serial import dumps, loads

__all__ = ["dumps", "format_cents", "loads"]
