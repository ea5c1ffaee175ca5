"""It may be a zip, which strips what leads out."""
import tarfile
import zipfile


def unpack(archive, target):
    archive.extractall(target)


def opened(path):
    return zipfile.ZipFile(path) if zipfile.is_zipfile(path) else tarfile.open(path)
