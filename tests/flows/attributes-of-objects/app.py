"""Attributes of what a library makes of data are data; those of what is found by it are not."""
import argparse
import os
import pathlib
import re
import types
from collections import namedtuple
from dataclasses import dataclass
from typing import NamedTuple

import yarl
from flask import Flask, request
from lxml import etree
from pydantic import BaseModel
from wtforms import Form, StringField

app = Flask(__name__)
Pair = namedtuple("Pair", "name value")


class Typed(NamedTuple):
    name: str


@dataclass
class Data:
    name: str


class Search(Form):
    term = StringField()


class Query(BaseModel):
    term: str


class Plain:
    def __init__(self, name):
        self.name = name


@app.get("/1")
def one():
    os.system("ls " + Pair(request.args["a"], 1).name)  # expect: command-injection/flow
    return {}


@app.get("/2")
def two():
    space = types.SimpleNamespace(name=request.args["a"])
    os.system("ls " + space.name)  # expect: command-injection/flow
    return {}


@app.get("/3")
def three():
    os.system("ls " + Typed(request.args["a"]).name)  # expect: command-injection/flow
    os.system("ls " + Data(request.args["a"]).name)  # expect: command-injection/flow
    os.system("ls " + Plain(request.args["a"]).name)  # expect: command-injection/flow
    return {}


@app.get("/4")
def four():
    os.system("ls " + pathlib.Path(request.args["a"]).name)  # expect: command-injection/flow
    os.system("ls " + str(pathlib.PurePath(request.args["a"]).parent))  # expect: command-injection/flow
    return {}


@app.get("/5")
def five():
    form = Search(request.form)
    os.system("ls " + form.term.data)  # expect: command-injection
    return {}


@app.get("/6")
def six():
    tree = etree.fromstring(request.data)  # expect: xml-default-entities
    os.system("ls " + tree.text)  # expect: command-injection/flow
    return {}


@app.get("/7")
def seven():
    match = re.match("(.*)", request.args["a"])
    os.system("ls " + match.string)  # expect: command-injection/flow
    os.system("ls " + match.group(1))  # expect: command-injection/flow
    return {}


@app.get("/8")
def eight():
    query = Query(**request.json)
    os.system("ls " + query.term)  # expect: command-injection/flow
    query = Query.model_validate(request.json)
    os.system("ls " + query.term)  # expect: command-injection/flow
    return {}


@app.get("/9")
def nine():
    url = yarl.URL(request.args["a"])
    os.system("ls " + url.path)  # expect: command-injection/flow
    return {}


@app.get("/10")
def ten():
    space = argparse.Namespace(**request.args)
    os.system("ls " + space.name)  # expect: command-injection/flow
    return {}


@app.get("/11")
def eleven():
    store = app.extensions["store"]
    os.system("ls " + store.find(request.args["a"]).folder)  # expect: command-injection
    os.system("ls " + find_shelf(request.args["a"]).folder)  # expect: command-injection
    return {}


def find_shelf(name):
    return app.extensions["store"].shelves[name]
