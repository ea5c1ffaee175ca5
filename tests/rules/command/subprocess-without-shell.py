"""`subprocess-without-shell`: marked where a program is started with arguments that are not constant."""
# only: subprocess-without-shell

import asyncio
import os
import subprocess
import sys


def convert(path, tool):
    subprocess.run(["/usr/bin/convert", path])  # expect: subprocess-without-shell
    subprocess.Popen([tool, "--version"])  # expect: subprocess-without-shell
    command = ["/usr/bin/convert"]
    command.append(path)
    subprocess.check_call(command)  # expect: subprocess-without-shell
    os.execv(tool, [tool])  # expect: subprocess-without-shell


async def convert_later(path):
    await asyncio.create_subprocess_exec("/usr/bin/convert", path)  # expect: subprocess-without-shell


def constant(size: int):
    subprocess.run(["/usr/bin/convert", "--version"])
    subprocess.run([sys.executable, "-m", "pip", "list"])
    subprocess.run(["/usr/bin/convert", "-resize", str(size)])
    os.execv("/usr/bin/convert", ["convert"])


def with_a_shell(path):
    subprocess.run("/usr/bin/convert " + path, shell=True)  # expect: command-injection
