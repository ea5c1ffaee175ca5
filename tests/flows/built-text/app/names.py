"""Names and helpers that the other files build their texts from."""
import enum
import shlex

TABLE = "books"
TOOL = "/usr/bin/convert"
COLUMNS = {"name": "books.name", "year": "books.year"}
BY_NAME = f"SELECT id FROM {TABLE} WHERE name = ?"


class Status(enum.StrEnum):
    NEW = "new"
    SOLD = "sold"


def quoted(value):
    return shlex.quote(str(value))


def columns(wide):
    return "id, name, year" if wide else "id"
