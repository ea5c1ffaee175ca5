"""Texts from parts of several files."""
import os

from . import db
from .db import database
from .names import BY_NAME, COLUMNS, TABLE, TOOL, Status, columns, quoted


def constant(name, order, wide, status: Status):
    database.execute(BY_NAME, name)
    database.execute(f"SELECT {columns(wide)} FROM {TABLE} ORDER BY {COLUMNS[order]}")
    database.execute(f"SELECT id FROM {TABLE} WHERE status = '{status.value}'")
    database.execute(f"SELECT id FROM {TABLE} WHERE status = '{Status.NEW}'")
    os.system(f"{TOOL} {quoted(name)} out.png")


def built(name):
    database.execute(f"SELECT id FROM {TABLE} WHERE name = '{name}'")  # expect: sql-injection
    db.execute(f"SELECT id FROM {TABLE} WHERE name = '{name}'")  # expect: sql-injection
    os.system(f"{TOOL} {name} out.png")  # expect: command-injection
