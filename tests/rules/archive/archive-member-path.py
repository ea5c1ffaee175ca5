"""`archive-member-path`: marked where members are written one by one to wherever their names lead."""
import os
import shutil
import tarfile
import zipfile
from pathlib import Path


def unpack(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with open(os.path.join(target, name), "wb") as out:  # expect: archive-member-path
                out.write(archive.read(name))


def unpack_info(path, target):
    archive = zipfile.ZipFile(path)
    for info in archive.infolist():
        place = Path(target) / info.filename
        place.write_bytes(archive.read(info))  # expect: archive-member-path


class Tar:
    def __init__(self, file):
        self.archive = tarfile.open(file)

    def extract(self, target):
        members = self.archive.getmembers()
        for member in members:
            name = member.name
            if self.leading:
                name = self.without_first_folder(name)[1]
            place = os.path.join(target, name)
            with open(place, "wb") as out:  # expect: archive-member-path
                shutil.copyfileobj(self.archive.extractfile(member), out)


def unpack_files(path, root):
    archive = zipfile.ZipFile(path)
    files = [name for name in archive.namelist() if not name.endswith("/")]
    for index, name in enumerate(files):
        place = os.path.join(root, *name.split("/"))
        with open(place, "wb") as out, archive.open(name) as source:  # expect: archive-member-path
            shutil.copyfileobj(source, out)


def checked(path, target):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        place = (Path(target) / name).resolve()
        if not place.is_relative_to(target):
            raise ValueError(name)
        place.write_bytes(archive.read(name))


def without_folders(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with open(os.path.join(target, os.path.basename(name)), "wb") as out:
                out.write(archive.read(name))


def known(path, target):
    with zipfile.ZipFile(path) as archive:
        with open(os.path.join(target, "report.csv"), "wb") as out:
            out.write(archive.read("report.csv"))
        for name in archive.namelist():
            with archive.open(name) as source:
                print(source.read())


def packed(folder, names):
    with zipfile.ZipFile("out.zip", "w") as archive:
        for name in names:
            with open(os.path.join(folder, name), "rb") as source:
                archive.writestr(name, source.read())
