"""`sql-injection`: marked where SQL with text in it that is not constant reaches a database."""
import hashlib
import sqlite3
import uuid
from enum import Enum

import pandas as pd
import psycopg2
from alembic import op
from django.db import connection, models
from django.db.models.expressions import RawSQL
from flask import Flask, request
from psycopg2 import sql as pgsql
from sqlalchemy import literal_column, text
from sqlalchemy import text as sa_text


def find(connection: sqlite3.Connection, name):
    cursor = connection.cursor()
    cursor.execute(f"SELECT id FROM books WHERE name = '{name}'")  # expect: sql-injection
    cursor.execute("SELECT id FROM books WHERE name = '%s'" % name)  # expect: sql-injection
    cursor.execute("SELECT id FROM books WHERE name = '" + name + "'")  # expect: sql-injection
    cursor.execute("SELECT id FROM books WHERE name = '{}'".format(name))  # expect: sql-injection
    connection.execute(f"DELETE FROM books WHERE name = '{name}'")  # expect: sql-injection
    connection.executescript("DROP TABLE IF EXISTS %s; VACUUM" % name)  # expect: sql-injection
    return cursor.executemany("UPDATE books SET name = '" + name + "' WHERE id = ?", [(1,)])  # expect: sql-injection


def find_by_keyword(cursor, name):
    cursor.execute(query=f"SELECT id FROM books WHERE name = '{name}'")  # expect: sql-injection
    cursor.execute(query="SELECT id FROM books WHERE name = ?", parameters=(f"{name}%",))


def find_bound(connection: sqlite3.Connection, name, ids, limit: int):
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM books WHERE name = ?", (name,))
    marks = ", ".join("?" for _ in ids)
    cursor.execute(f"SELECT id FROM books WHERE id IN ({marks})", ids)
    cursor.execute("SELECT id FROM books WHERE id IN (%s)" % ",".join(["%s"] * len(ids)), ids)
    cursor.execute("SELECT id FROM books WHERE id IN ({})".format(",".join("?" * len(ids))), ids)
    cursor.execute(f"SELECT id FROM books WHERE id IN ({','.join(map(lambda _: '?', ids))})", ids)
    cursor.execute(f"SELECT id FROM books LIMIT {limit} OFFSET {int(name)}")
    cursor.execute("SELECT id FROM books WHERE id = %d" % name)
    cursor.execute(f"SELECT id FROM books WHERE key = '{uuid.uuid4().hex}'")
    cursor.execute(f"SELECT id FROM books WHERE key = '{hashlib.sha256(name).hexdigest()}'")
    return cursor.fetchall()


def in_variables(db, name, order):
    query = "SELECT id FROM books"
    db.execute(query)
    query += f" WHERE name = '{name}'"
    db.execute(query)  # expect: sql-injection
    query = "SELECT id FROM authors"
    if order:
        query = query + " ORDER BY name"
    db.execute(query)
    parts = ["SELECT id", "FROM books"]
    db.execute(" ".join(parts))
    parts.append("WHERE name = " + name)
    db.execute(" ".join(parts))  # expect: sql-injection


def conditions(db, filters):
    where = []
    values = []
    if "name" in filters:
        where.append("name = ?")
        values.append(filters["name"])
    if "year" in filters:
        where.append("year = ?")
        values.append(filters["year"])
    db.execute("SELECT id FROM books WHERE " + " AND ".join(where), values)


def from_elsewhere(db, query, statement):
    db.execute(query)
    db.execute(statement.compile())
    db.execute(f"{query}")


def prose(executor, name):
    executor.execute(f"Select one of {name}")
    executor.execute("call " + name)
    executor.query(f"update of {name}")
    executor.extra(f"the {name}")


TABLE = "books"
COLUMNS = {"name": "books.name", "year": "books.year"}


class Order(Enum):
    UP = "ASC"
    DOWN = "DESC"


def chosen(db, column, direction: Order, name):
    db.execute(f"SELECT id FROM {TABLE}")
    db.execute(f"SELECT id FROM books ORDER BY {COLUMNS[column]} {direction.value}")
    db.execute(f"SELECT id FROM books ORDER BY {COLUMNS.get(column, 'id')} {Order[name].value}")
    db.execute(f"SELECT id FROM books ORDER BY {column if column in COLUMNS else 'id'}")
    for table in ("books", "authors"):
        db.execute(f"DELETE FROM {table}")
    for key, value in COLUMNS.items():
        db.execute(f"SELECT {key}, {value} FROM books")
    for member in Order:
        db.execute(f"SELECT id FROM books ORDER BY id {member.value}")
    if column not in COLUMNS:
        raise ValueError(column)
    db.execute(f"SELECT id FROM books ORDER BY {column}")
    name = request.args.get("name")
    if name not in ("ASC", "DESC"):
        name = "ASC"
    db.execute(f"SELECT id FROM books ORDER BY id {name}")


def identifiers(db, table, schema_editor, preparer):
    db.execute(f"SELECT id FROM {table}")  # expect: sql-injection
    db.execute("DELETE FROM %s" % schema_editor.quote_name(table))
    db.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
    db.execute(f"DROP TABLE {preparer.quote(table)}")
    db.execute(pgsql.SQL("SELECT id FROM {}").format(pgsql.Identifier(table)))
    db.execute(pgsql.SQL(f"SELECT id FROM {table}"))  # expect: sql-injection


def quoted(db, table, name):
    quote_name = connection.ops.quote_name
    db.execute("DELETE FROM %s" % quote_name(table))
    db.execute("DELETE FROM %s" % backtick_quoted(table))
    name = name.replace("'", "''")
    db.execute(f"SELECT id FROM books WHERE name = '{name}'")  # expect: sql-injection


def backtick_quoted(name):
    return "`" + name.replace("`", "``") + "`"


def checked(db, order, direction):
    if direction and direction.lower() not in {"asc", "desc"}:
        raise ValueError(direction)

    def later(limit, offset):
        first = max(0, round(offset))
        return db.execute(f"SELECT id FROM books ORDER BY id {direction} LIMIT {min(limit, 100)} OFFSET {first}")

    def unchecked():
        return db.execute(f"SELECT id FROM books ORDER BY {order}")  # expect: sql-injection

    return later, unchecked


def one_of_them(db, kind, name):
    match kind:
        case "book":
            db.execute(f"SELECT id FROM {kind}")
        case _:
            db.execute(f"SELECT id FROM {kind}")  # expect: sql-injection
    if kind == "author":
        query = f"SELECT id FROM {kind}"
    else:
        query = "SELECT id FROM books"
    db.execute(query)
    while name:
        db.execute(query)  # expect: sql-injection
        query = f"SELECT id FROM books WHERE name = '{name}'"


class Book(models.Model):
    name = models.TextField()

    @classmethod
    def count(cls):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {cls._meta.db_table}")
            return cursor.fetchone()

    @classmethod
    def named(cls, name):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM book WHERE name = '{name}'")  # expect: sql-injection


def django(name):
    Book.objects.raw(f"SELECT id FROM book WHERE name = '{name}'")  # expect: sql-injection
    Book.objects.raw("SELECT id FROM book WHERE name = %s", [name])
    Book.objects.extra(where=[f"name = '{name}'"])  # expect: sql-injection
    Book.objects.extra(where=["name = %s"], params=[name])
    Book.objects.extra(select={"mine": "name = '%s'" % name})  # expect: sql-injection
    Book.objects.annotate(mine=RawSQL(f"name = '{name}'", []))  # expect: sql-injection
    Book.objects.annotate(mine=RawSQL("name = %s", [name]))


def sqlalchemy(session, name):
    session.execute(text(f"SELECT id FROM books WHERE name = '{name}'"))  # expect: sql-injection
    session.execute(text("SELECT id FROM books WHERE name = :name"), {"name": name})
    session.execute(sa_text("SELECT id FROM books WHERE name = '" + name + "'"))  # expect: sql-injection
    session.query(Book).filter(text("name = '%s'" % name))  # expect: sql-injection
    session.query(literal_column("name || '" + name + "'"))  # expect: sql-injection
    session.connection().exec_driver_sql("SELECT " + name)  # expect: sql-injection
    op.execute(f"UPDATE books SET name = '{name}'")  # expect: sql-injection
    op.execute("UPDATE books SET name = 'x'")


async def asynchronous(pool, name):
    await pool.fetchrow(f"SELECT id FROM books WHERE name = '{name}'")  # expect: sql-injection
    await pool.fetchrow("SELECT id FROM books WHERE name = $1", name)
    await pool.fetch(name)


def frames(engine, name):
    pd.read_sql(f"SELECT id FROM books WHERE name = '{name}'", engine)  # expect: sql-injection
    pd.read_sql("SELECT id FROM books WHERE name = %(name)s", engine, params={"name": name})
    pd.read_sql_query("SELECT id FROM " + name, engine)  # expect: sql-injection
    frame = pd.DataFrame()
    frame.query(f"name == '{name}'")


class Database:
    def __init__(self):
        self.connection = psycopg2.connect("")
        self.table = "books"

    def execute(self, statement, *values):
        return self.connection.cursor().execute(statement, values)

    columns = "id, name"
    operators = {"is": "= ?", "like": "LIKE ?"}

    @property
    def suffix(self):
        return " LIMIT 1" if self.table else ""

    @property
    def owner(self):
        return self.connection.info.user

    def count(self):
        return self.execute(f"SELECT COUNT(*), {self.columns} FROM {self.table}{self.suffix}")

    def like(self, operator, name):
        return self.execute(f"SELECT id FROM books WHERE name {self.operators[operator]}", name)

    def owned(self):
        return self.execute(f"SELECT id FROM books WHERE owner = '{self.owner}'")  # expect: sql-injection

    def find(self, name):
        return self.execute(f"SELECT id FROM books WHERE name = '{name}'")  # expect: sql-injection


def other_statements(db, name):
    db.execute("CREATE TABLE IF NOT EXISTS %s (id INT)" % name)  # expect: sql-injection
    db.execute(f"ALTER TABLE books ADD COLUMN {name} TEXT")  # expect: sql-injection
    db.execute(f"WITH a AS (SELECT 1) SELECT * FROM a WHERE b = {name}")  # expect: sql-injection
    db.execute(f"  -- all of them\n  select * from books where name = '{name}'")  # expect: sql-injection
    db.execute("INSERT INTO books (name) VALUES ('%(name)s')" % {"name": name})  # expect: sql-injection
    db.execute(f"GRANT SELECT ON books TO {name}")  # expect: sql-injection


@app.route("/books")
def books():
    return db.execute(f"SELECT id FROM books ORDER BY {request.args['order']}")  # expect: sql-injection


app = Flask(__name__)


@app.get("/books/<int:number>/<path:shelf>")
def converted(number, shelf):
    cursor = sqlite3.connect("books.db").cursor()
    cursor.execute(f"SELECT id FROM books WHERE id = {number}")
    cursor.execute(f"SELECT id FROM books WHERE shelf = '{shelf}'")  # expect: sql-injection/flow
