"""`loose-permissions`: marked where every user of the machine may write."""
import os
import stat
from os import chmod
from pathlib import Path
from stat import *

EVERYTHING = stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO


def publish(path):
    os.chmod(path, 0o777)  # expect: loose-permissions


def publish_safely(path):
    os.chmod(path, 0o755)


def every_form(path, descriptor, sftp, mode):
    chmod(path, 0o666)  # expect: loose-permissions
    os.chmod(path, mode=0o777)  # expect: loose-permissions
    os.chmod(path, 511)  # expect: loose-permissions
    os.fchmod(descriptor, EVERYTHING)  # expect: loose-permissions
    os.chmod(path, S_IRUSR | S_IWOTH)  # expect: loose-permissions
    os.chmod(path, os.stat(path).st_mode | stat.S_IWOTH)  # expect: loose-permissions
    Path(path).chmod(0o777)  # expect: loose-permissions
    (Path("/srv") / path).chmod(mode=0o777)  # expect: loose-permissions
    sftp.chmod(path, 0o777)  # expect: loose-permissions
    wanted = 0o622
    os.chmod(path, wanted)  # expect: loose-permissions
    os.umask(0)  # expect: loose-permissions
    os.umask(0o020)  # expect: loose-permissions


def narrow(path, descriptor, mode):
    os.chmod(path, 0o644)
    os.chmod(path, 0o700)
    os.fchmod(descriptor, stat.S_IRWXU | stat.S_IRGRP | stat.S_IROTH)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXOTH)
    os.chmod(path, os.stat(path).st_mode & ~stat.S_IWOTH)
    os.chmod(path, 0o666 & ~0o022)
    os.chmod(path, mode)
    os.chmod(path, 0o1777)
    os.umask(0o077)
    os.umask(0o022)


def masked(path):
    os.makedirs(path, 0o777, exist_ok=True)
    Path(path).mkdir(0o777)
    os.open(path, os.O_CREAT | os.O_EXCL, 0o666)


def only_reads_the_umask():
    current = os.umask(0)
    os.umask(current)
    return current


class Lamp:
    def chmod(self, mode):
        self.mode = mode


def own(lamp: Lamp):
    lamp.chmod(0o777)
