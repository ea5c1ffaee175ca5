"""`command-injection`: marked where a shell reads text that is not constant."""
# only: command-injection

import asyncio
import os
import os as operating_system
import shlex
import subprocess
import subprocess as sp
import sys
import tempfile
from enum import Enum
from os import system as run_in_shell
from shlex import quote
from subprocess import PIPE, Popen, check_output

try:
    from subprocess import getoutput
except ImportError:
    from commands import getoutput

import paramiko
from django.conf import settings
from fabric import Connection
from invoke import task, Context


def thumbnail(path, size):
    os.system("convert " + path + " -resize 200 out.png")  # expect: command-injection
    os.popen(f"identify {path}")  # expect: command-injection
    operating_system.system("identify %s" % path)  # expect: command-injection
    run_in_shell("identify {}".format(path))  # expect: command-injection
    return getoutput("identify " + path)  # expect: command-injection


def thumbnail_without_a_shell(path, size):
    subprocess.run(["convert", path, "-resize", size, "out.png"], check=True)
    Popen(["identify", path], stdout=PIPE)
    subprocess.run(f"identify {path}")
    os.execvp("convert", ["convert", path])


def with_a_switch(path, **options):
    subprocess.run(f"identify {path}", shell=True)  # expect: command-injection
    subprocess.run(args=f"identify {path}", shell=True)  # expect: command-injection
    sp.call("identify " + path, shell=1)  # expect: command-injection
    check_output(f"identify {path}", shell=bool(path))  # expect: command-injection
    Popen(f"identify {path}", -1, None, None, None, None, None, True, True)  # expect: command-injection
    use_shell = True
    subprocess.check_call(f"identify {path}", shell=use_shell)  # expect: command-injection
    subprocess.run(f"identify {path}", shell=False)
    subprocess.run(f"identify {path}", shell=0)
    subprocess.run(f"identify {path}", **options)
    keywords = {"shell": True, "check": True}
    subprocess.run(f"identify {path}", **keywords)  # expect: command-injection
    subprocess.run(f"identify {path}", **dict(check=True))


def lists(path, script):
    subprocess.run(["sh", "-c", f"identify {path}"])  # expect: command-injection
    subprocess.run(["/bin/bash", "-o", "pipefail", "-ec", "identify " + path])  # expect: command-injection
    subprocess.run(("sudo", "-u", "www", "bash", "-lc", script))  # expect: command-injection
    command = ["docker", "exec", "web", "sh", "-c", "ls " + path]
    subprocess.check_output(command)  # expect: command-injection
    os.execl("/bin/sh", "sh", "-c", "ls " + path)  # expect: command-injection
    os.execvp("sh", ["sh", "-c", "ls " + path])  # expect: command-injection
    os.spawnlp(os.P_WAIT, "bash", "bash", "-c", script)  # expect: command-injection
    subprocess.run(["sh", "-c", 'identify "$1"', "sh", path])
    subprocess.run(["gcc", "-c", path])
    subprocess.run(["identify", path], shell=True)
    subprocess.run([script, path], shell=True)  # expect: command-injection


async def asynchronous(path, loop):
    await asyncio.create_subprocess_shell(f"identify {path}")  # expect: command-injection
    await asyncio.create_subprocess_exec("identify", path)
    await asyncio.create_subprocess_exec("sh", "-c", f"identify {path}")  # expect: command-injection
    await loop.subprocess_shell(asyncio.SubprocessProtocol, "identify " + path)  # expect: command-injection


def elsewhere(host, path, other):
    client = paramiko.SSHClient()
    client.exec_command("ls " + path)  # expect: command-injection
    client.exec_command("ls")
    Connection(host).run(f"ls {path}")  # expect: command-injection
    with Connection(host) as connection:
        connection.sudo("ls " + shlex.quote(path))
        connection.sudo("ls " + path)  # expect: command-injection
    other.run("ls " + path)
    other.run("ls " + path, shell=True)  # expect: command-injection


@task
def deploy(c: Context, branch):
    c.run("git pull")
    c.run(f"git checkout {branch}")  # expect: command-injection


def quoted(path, count: int, names):
    os.system("identify " + shlex.quote(path))
    os.system(f"identify {quote(str(path))} | head -n {count}")
    os.system("identify " + shlex.join(["-verbose", path]))
    os.system("identify " + " ".join(quote(name) for name in names))
    os.system("identify " + " ".join(map(quote, names)))
    os.system("identify " + " ".join(names))  # expect: command-injection
    arguments = [quote(name) for name in names]
    arguments.append("-verbose")
    os.system("identify " + " ".join(arguments))
    arguments.append(path)
    os.system("identify " + " ".join(arguments))  # expect: command-injection


def shell_safe(value):
    return quote(str(value))


def quoted_by_a_helper(path):
    os.system("identify " + shell_safe(path))


TOOL = "/usr/bin/identify"
FORMATS = {"png": "PNG", "jpeg": "JPEG"}


class Format(Enum):
    PNG = "png"
    JPEG = "jpeg"


def constants(name, size, kind: Format):
    os.system(f"{TOOL} -version")
    os.system(f"{TOOL} -format {FORMATS[name]} -list")
    os.system(f"{TOOL} -format {FORMATS.get(name, 'PNG')} -list")
    os.system("sleep %d" % size)
    os.system("sleep {:d}".format(size))
    os.system(f"sleep {int(size)} && kill {os.getpid()}")
    os.system(f"{sys.executable} -m pip --version")
    os.system(f"{TOOL} -format {kind.value}")
    os.system(f"{TOOL} -format {Format.PNG.value}")
    for tool in ("identify", "convert"):
        os.system(f"which {tool}")
    for tool, option in [("identify", "-version"), ("convert", "-help")]:
        os.system(f"{tool} {option}")
    verbose = "-verbose" if size else ""
    os.system(f"{TOOL} {verbose}")


def chosen(name, action):
    if action not in ("start", "stop"):
        raise ValueError(action)
    os.system(f"service web {action}")
    os.system(f"service {name} {action}")  # expect: command-injection
    if not name.isalnum():
        return
    os.system(f"service {name} stop")
    os.system("service web " + (action if action in ("start", "stop") else "status"))


def one_after_the_other(path):
    command = "identify -version"
    os.system(command)
    command = f"identify {path}"
    os.system(command)  # expect: command-injection
    command = "identify -list format"
    os.system(command)


def in_steps(path, verbose):
    command = "identify"
    if verbose:
        command += " -verbose"
    os.system(command)
    command = command + " " + path
    os.system(command)  # expect: command-injection


def given_by_the_operator():
    os.system(f"ls {os.environ['HOME']}")  # expect: command-injection
    with tempfile.TemporaryDirectory() as folder:
        os.system(f"rm -r {folder}/cache")  # expect: command-injection
    os.system(f"ls {settings.MEDIA_ROOT}")  # expect: command-injection


class Converter:
    tool = "identify"

    def __init__(self, path):
        self.path = path
        self.verbose = "-verbose"

    def start(self):
        os.system(f"{self.tool} {self.verbose}")
        os.system(f"{self.tool} {self.path}")  # expect: command-injection

    def system(self, name):
        return self.system("ls " + name)


def own(system, name):
    system("ls " + name)
