"""`temp-name`: marked where a temporary file is named and not made."""
import os
import tempfile
import tempfile as tmp
from tempfile import TemporaryDirectory, mkdtemp, mktemp


def export(rows):
    path = tempfile.mktemp(suffix=".csv")  # expect: temp-name
    with open(path, "w") as stream:
        stream.writelines(rows)
    return path


def export_safely(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as stream:
        stream.writelines(rows)
    return stream.name


def every_form(folder):
    mktemp()  # expect: temp-name
    tmp.mktemp(".csv", "sales")  # expect: temp-name
    tempfile.mktemp(dir=folder)  # expect: temp-name
    os.tempnam()  # expect: temp-name
    make = tempfile.mktemp
    make()  # expect: temp-name


class Reports:
    def __init__(self):
        self.folder = mkdtemp()
        self.scratch = TemporaryDirectory()

    def name(self):
        return tempfile.mktemp(dir=self.folder)

    def scratch_name(self):
        return tempfile.mktemp(dir=self.scratch.name)


def in_a_private_folder():
    with tempfile.TemporaryDirectory() as folder:
        tempfile.mktemp(dir=folder)
    folder = tempfile.mkdtemp()
    tempfile.mktemp(".csv", "sales", folder)
    tempfile.mktemp(dir=tempfile.mkdtemp())


class Generator:
    def mktemp(self):
        return "not a file"


def own(generator: Generator):
    generator.mktemp()
    tempfile.mkstemp()
