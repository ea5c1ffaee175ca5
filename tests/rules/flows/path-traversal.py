"""`path-traversal`: marked where a path that a client shapes is opened."""
import os
import uuid
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
from flask import Flask, abort, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

from shop import current_shop

app = Flask(__name__)
BASE = "/srv/reports"


@app.get("/reports/<path:name>")
def report(name):
    with open(os.path.join(BASE, name)) as file:  # expect: path-traversal/flow
        return {"text": file.read()}


@app.get("/checked/<path:name>")
def checked(name):
    path = os.path.realpath(os.path.join(BASE, name))
    if not path.startswith(BASE + os.sep):
        abort(404)
    with open(path) as file:
        return {"text": file.read()}


@app.get("/inside")
def inside():
    path = (Path(BASE) / request.args["name"]).resolve()
    if not path.is_relative_to(BASE):
        abort(404)
    return {"text": path.read_text()}


@app.get("/plain/<name>")
def plain(name):
    if ".." in name or name.startswith("/"):
        abort(400)
    return {"text": open(os.path.join(BASE, name)).read()}


@app.post("/upload")
def upload():
    file = request.files["file"]
    file.save(os.path.join(BASE, secure_filename(file.filename)))
    file.save(os.path.join(BASE, file.filename))  # expect: path-traversal/flow
    return {}


@app.get("/sent/<path:name>")
def sent(name):
    return send_from_directory(BASE, name)


@app.get("/number/<int:number>")
def number(number):
    return {"text": open(f"{BASE}/{number}.txt").read()}


@app.post("/bundle")
def bundle():
    upload = request.files.get("bundle")
    with ZipFile(upload) as files:
        return {"names": files.namelist()}


@app.post("/table")
def table():
    file = request.files["table"]
    uploaded = pd.read_csv(file.stream)
    pasted = pd.read_csv(StringIO(request.form["table"]))
    stored = pd.read_csv(file.filename)  # expect: path-traversal/flow, server-side-request-forgery/flow
    return {"lines": len(uploaded) + len(pasted) + len(stored)}


def check(session):
    try:
        uuid.UUID(session)
    except ValueError as error:
        raise LookupError("not a session") from error


@app.get("/sessions/<session>")
def session(session):
    check(session)
    return {"text": open(os.path.join(BASE, session)).read()}


@app.get("/below/<path:name>")
def below(name):
    path = (Path(BASE) / name).resolve()
    path.relative_to(BASE)
    return {"text": path.read_text()}


def options(**given):
    given.setdefault("mimetype", "text/plain")
    return given


@app.get("/log")
def log():
    return send_file(**options(path_or_file="/srv/log.txt", environ=request.environ))


@app.get("/receipt")
def receipt():
    found = current_shop.receipts.get(number=request.args["number"])
    return {"text": open(os.path.join(BASE, found.file)).read()}


WATCHES = load_watches()


@app.get("/watch")
def watch():
    found = WATCHES.get(request.args["id"])
    other = find_watch(request.args["id"])
    return {"texts": [open(os.path.join(found.folder, "log")).read(), open(other.log_file).read()]}


@app.get("/by-default")
def by_default():
    return {"text": open(WATCHES.get("log", request.args["log"])).read()}  # expect: path-traversal/flow


@app.get("/held")
def held():
    WATCHES.update(request.get_json())
    return {"text": open(WATCHES.log_file).read()}
