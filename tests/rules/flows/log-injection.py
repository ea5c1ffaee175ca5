"""`log-injection`: marked where a client shapes the text of a log."""
# only: log-injection
import logging
from urllib.parse import quote

from flask import Flask, request

app = Flask(__name__)
log = logging.getLogger(__name__)


@app.post("/login")
def login():
    user = request.form["user"]
    log.error(f"Login failed for user '{user}'")  # expect: log-injection/flow
    log.info("user %s", user)  # expect: log-injection/flow
    return "no"


@app.post("/items")
def items():
    log.info("%s items", int(request.form["count"]))
    log.info("item %s", quote(request.form["name"]))
    log.info("a request")
    return "ok"
