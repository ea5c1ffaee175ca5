"""`predictable-temp-file`: marked where a file of a fixed name is made in a folder of everybody."""
import io
import logging
import logging.handlers
import os
import os.path
import shutil
import sqlite3
import tempfile
import uuid
import zipfile
from pathlib import Path
from tempfile import gettempdir

STATE = "/tmp/shop-state.json"
SPOOL = Path("/var/tmp") / "shop"


def save_report(rows):
    with open("/tmp/report.csv", "w") as stream:  # expect: predictable-temp-file
        stream.writelines(rows)


def save_report_safely(rows):
    with tempfile.NamedTemporaryFile("w", dir="/tmp", delete=False) as stream:
        stream.writelines(rows)
    return stream.name


def every_way_to_write(job, rows):
    open(STATE, mode="a")  # expect: predictable-temp-file
    io.open(file="/dev/shm/queue", mode="r+b")  # expect: predictable-temp-file
    Path("/tmp/state.json").write_text("{}")  # expect: predictable-temp-file
    Path("/tmp", "state.json").write_bytes(b"{}")  # expect: predictable-temp-file
    (SPOOL / "today.csv").open("w")  # expect: predictable-temp-file
    SPOOL.joinpath("lock").touch()  # expect: predictable-temp-file
    os.makedirs(os.path.join("/tmp", "cache"), exist_ok=True)  # expect: predictable-temp-file
    os.open("/tmp/lock", os.O_CREAT | os.O_WRONLY)  # expect: predictable-temp-file
    os.replace("/srv/new", "/tmp/state.json")  # expect: predictable-temp-file
    shutil.copyfile(src="/srv/new", dst=STATE)  # expect: predictable-temp-file
    sqlite3.connect("/tmp/cache.db")  # expect: predictable-temp-file
    logging.FileHandler("/tmp/shop.log")  # expect: predictable-temp-file
    logging.handlers.RotatingFileHandler("/tmp/shop.log")  # expect: predictable-temp-file
    logging.basicConfig(filename="/tmp/shop.log")  # expect: predictable-temp-file
    zipfile.ZipFile("/tmp/all.zip", "w")  # expect: predictable-temp-file
    open(os.path.join(gettempdir(), "shop.pid"), "w")  # expect: predictable-temp-file
    open(f"/tmp/{job}.csv", "w")  # expect: predictable-temp-file
    open("/tmp/%s.csv" % job, "w")  # expect: predictable-temp-file


class Cache:
    def __init__(self):
        self.path = "/tmp/cache.json"

    def save(self):
        with open(self.path, "w") as stream:  # expect: predictable-temp-file
            stream.write("{}")


def reads(path):
    open("/tmp/report.csv")
    open("/tmp/report.csv", "rb")
    Path("/tmp/report.csv").read_text()
    os.open("/tmp/report.csv", os.O_RDONLY)
    zipfile.ZipFile("/tmp/all.zip")
    if path == "/tmp/report.csv":
        return path


def refuses_what_is_there():
    open("/tmp/report.csv", "x")
    os.open("/tmp/lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    os.makedirs("/tmp/cache")


def cannot_be_guessed(rows):
    open(f"/tmp/{uuid.uuid4()}.csv", "w")
    name = uuid.uuid4().hex
    open("/tmp/" + name, "w")
    folder = tempfile.mkdtemp(dir="/tmp")
    open(os.path.join(folder, "report.csv"), "w")


def is_configured(path="/tmp/report.csv"):
    open(path, "w")
    open(os.environ.get("REPORT", "/tmp/report.csv"), "w")


def elsewhere(archive):
    open("/srv/tmp/report.csv", "w")
    open("/tmpfiles/report.csv", "w")
    archive.open("/tmp/member", "r")
