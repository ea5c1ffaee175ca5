"""`archive-extract`: marked where members are written wherever their names lead."""
import os
import shutil
import sys
import tarfile
import zipfile


def restore(path, target):
    with tarfile.open(path) as archive:
        archive.extractall(target)  # expect: archive-extract
    archive = tarfile.open(path, "r:gz")
    archive.extract("settings", target)  # expect: archive-extract
    tarfile.open(path).extractall(target, filter="fully_trusted")  # expect: archive-extract
    tarfile.open(path).extractall(target, filter=None)  # expect: archive-extract
    shutil.unpack_archive(path, target)  # expect: archive-extract


class Backup:
    def open(self, path):
        self.archive = tarfile.TarFile(path)

    def unpack(self, target, members):
        self.archive.extractall(path=target)  # expect: archive-extract
        self.archive.extractall(target, members)  # expect: archive-extract


def checked(path, target, options, how):
    with tarfile.open(path) as archive:
        archive.extractall(target, filter="data")
        archive.extractall(target, filter=tarfile.data_filter)
        archive.extractall(target, filter=how)
        archive.extractall(target, **options)
    shutil.unpack_archive(path, target, filter="data")
    shutil.unpack_archive(path, target, "zip")
    shutil.unpack_archive(f"{path}.zip", target)
    choice = {"filter": "data"}
    archive.extractall(target, **choice)


def zipped(path, target):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)


class Extractor:
    def extractall(self, target):
        return target


def own(extractor: Extractor, unknown):
    extractor.extractall("x")
    unknown.extractall("x")


def with_a_look(path, target):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if not os.path.abspath(os.path.join(target, member.name)).startswith(target):
                raise ValueError(member.name)
            if ".." in member.name:
                raise ValueError(member.name)
        archive.extractall(target)  # expect: archive-extract


def on_any_python(path, target):
    with tarfile.open(path) as archive:
        if sys.version_info >= (3, 12):
            archive.extractall(target, filter="data")
        else:
            archive.extractall(target)  # expect: archive-extract


def repack(path, target, packed):
    with tarfile.open(path) as archive, tarfile.open(packed, "w") as other:
        archive.extractall(target)  # expect: archive-extract
        for name in sorted(target.rglob("*")):
            other.add(name, arcname=name.relative_to(target))
