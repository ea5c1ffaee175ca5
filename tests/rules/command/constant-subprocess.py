"""`constant-subprocess`: marked where a program is started with constant arguments and without a shell."""
# only: constant-subprocess
import os
import subprocess

COMMAND = ["git", "rev-parse", "HEAD"]


def revision():
    return subprocess.check_output(COMMAND)  # expect: constant-subprocess


def revision_of(branch):
    return subprocess.check_output(["git", "rev-parse", branch])


def sync():
    subprocess.run("sync", check=True)  # expect: constant-subprocess
    subprocess.run(args=["sync"], shell=False)  # expect: constant-subprocess
    os.execv("/bin/sync", ["sync"])  # expect: constant-subprocess


def grown(names):
    command = ["ls"]
    for name in names:
        command.append(name)
    subprocess.run(command)


def in_a_shell():
    subprocess.run("ls | wc -l", shell=True)
    subprocess.run("ls | wc -l", shell=[True])


def unknown(command, **options):
    subprocess.run(command)
    subprocess.run(**options)
