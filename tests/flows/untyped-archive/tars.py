"""Only `tarfile` is at hand, so an archive that is handed in is one of its own."""
import tarfile

import pandas


def unpack(archive, target):
    archive.extractall(target)  # expect: archive-extract
    archive.extractall(target, filter="data")


def codes(table: pandas.DataFrame):
    return table.label.str.extractall(r"([A-Z]+)")


def is_archive(path):
    return tarfile.is_tarfile(path)
