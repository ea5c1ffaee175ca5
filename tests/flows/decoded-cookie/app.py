import base64
import binascii
import pickle
import re
import subprocess
import zlib
from urllib.parse import unquote

from flask import Flask, request

app = Flask(__name__)


@app.get("/cart")
def cart():
    return pickle.loads(base64.urlsafe_b64decode(request.cookies["cart"]))  # expect: pickle-load/flow


@app.get("/orders")
def orders():
    packed = binascii.unhexlify(request.cookies["orders"])
    return pickle.loads(zlib.decompress(packed))  # expect: pickle-load/flow


@app.get("/wishes")
def wishes():
    return pickle.loads(bytes.fromhex(request.cookies["wishes"]))  # expect: pickle-load/flow


@app.get("/label")
def label():
    name = re.sub(r"\s+", " ", unquote(request.args["name"]))
    subprocess.run("label " + name, shell=True)  # expect: command-injection/flow
    return "", 204
