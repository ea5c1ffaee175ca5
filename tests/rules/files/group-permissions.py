"""`group-permissions`: marked where the group may write and others may not."""
import os
import stat
from pathlib import Path


def share(path):
    os.chmod(path, 0o775)  # expect: group-permissions


def share_for_reading(path):
    os.chmod(path, 0o750)


def every_form(path):
    os.chmod(path, 0o660)  # expect: group-permissions
    Path(path).chmod(0o770)  # expect: group-permissions
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG)  # expect: group-permissions
    os.chmod(path, os.stat(path).st_mode | stat.S_IWGRP)  # expect: group-permissions


def something_else(path):
    os.chmod(path, 0o640)
    os.chmod(path, 0o1770)
    os.chmod(path, 0o777)  # expect: loose-permissions
    os.makedirs(path, 0o770)
    os.umask(0o002)
