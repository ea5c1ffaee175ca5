import http
import os
from enum import Enum
from http import HTTPStatus

TABLE = "users"
LIMIT = 10
MASK = 0o4 | 0o2
QUERY = "SELECT * FROM " + TABLE
JOINED = "a" "b"
RAW = b"bytes"
CHANGES = 1
CHANGES = 2


class Color(Enum):
    RED = "red"
    DEPTH = 3


class Settings:
    name = "shop"
    port: int = 8000
    both = name


TABLE  # equals: 'users'
QUERY  # equals: 'SELECT * FROM users'
JOINED  # equals: 'ab'
CHANGES  # equals: nothing
MASK  # equals: 6
-LIMIT  # equals: -10
LIMIT * 2 + 1  # equals: 21
not LIMIT  # equals: False
f"{TABLE}!"  # equals: 'users!'
f"{TABLE!r}-{LIMIT}"  # equals: nothing
"%s and %d" % (TABLE, LIMIT)  # equals: 'users and 10'
"%s" % TABLE  # equals: 'users'
"100%%" % ()  # equals: '100%'
"%(name)s" % {"name": TABLE}  # equals: nothing
"{} {}".format(TABLE, LIMIT)  # equals: 'users 10'
"{1}-{0}".format("a", "b")  # equals: 'b-a'
"{name}".format(name=TABLE)  # equals: 'users'
"{:>5}".format(TABLE)  # equals: nothing
", ".join(["a", "b"])  # equals: 'a, b'
", ".join(("a", TABLE))  # equals: 'a, users'
Color.RED.value  # equals: 'red'
Color.DEPTH.value  # equals: 3
Settings.name  # equals: 'shop'
Settings.port  # equals: 8000
Settings.both  # equals: 'shop'
HTTPStatus.NOT_FOUND  # equals: 404
http.HTTPStatus.NOT_FOUND.value  # equals: 404
RAW  # equals: b'bytes'
1.5  # equals: 1.5
None  # equals: None
1 << 200  # equals: nothing
2 ** 10  # equals: 1024
2 ** 100  # equals: nothing
7 // 0  # equals: nothing
"a" * 3  # equals: nothing
os.environ["HOME"]  # equals: nothing
undefined  # equals: nothing


def local(argument):
    name = "x"
    name  # equals: 'x'
    argument  # equals: nothing
    TABLE + name  # equals: 'usersx'
    other: str = "typed"
    other  # equals: 'typed'
    changing = "a"
    changing += "b"
    changing  # equals: nothing
    for index in range(3):
        index  # equals: nothing
    recursive = recursive + 1
    recursive  # equals: nothing
