"""`archive-extract`: marked where members are written wherever their names lead."""
import shutil
import tarfile
import zipfile


def restore(path, target):
    with tarfile.open(path) as archive:
        archive.extractall(target)  # expect: archive-extract
    archive = tarfile.open(path, "r:gz")
    archive.extract("settings", target)  # expect: archive-extract
    tarfile.open(path).extractall(target, filter="fully_trusted")  # expect: archive-extract
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


def zipped(path, target):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)


class Extractor:
    def extractall(self, target):
        return target


def own(extractor: Extractor, unknown):
    extractor.extractall("x")
    unknown.extractall("x")
