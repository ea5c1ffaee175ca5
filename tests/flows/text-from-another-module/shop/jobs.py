import os
import subprocess

from shop import tools
from shop.tools import CONVERT, OPTIONS, THUMBNAIL


def thumbnail(name):
    command = THUMBNAIL + " " + name
    subprocess.run(command, shell=True)  # expect: command-injection
    os.system("%s %s %s" % (CONVERT, OPTIONS, name))  # expect: command-injection
    subprocess.run(f"{tools.CONVERT} {tools.option_for(name)}", shell=True)  # expect: command-injection


def everything():
    command = THUMBNAIL + " all.png"
    subprocess.run(command, shell=True)
    os.system("%s %s" % (CONVERT, OPTIONS))
    subprocess.run(" ".join([tools.CONVERT, tools.OPTIONS, "all.png"]), shell=True)
