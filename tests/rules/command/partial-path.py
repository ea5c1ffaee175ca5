"""`partial-path`: marked where a program is looked up in `PATH`."""
# only: partial-path

import os
import subprocess


def version(tool):
    subprocess.run(["git", "--version"])  # expect: partial-path
    subprocess.run(("git", "--version"))  # expect: partial-path
    os.execvp("git", ["git", "--version"])  # expect: partial-path
    os.system("git --version")  # expect: partial-path


def whole(tool):
    subprocess.run(["/usr/bin/git", "--version"])
    subprocess.run(["./git", "--version"])
    subprocess.run(["C:\\Git\\git.exe", "--version"])
    subprocess.run([tool, "--version"])
    os.execv("/usr/bin/git", ["git"])
