"""`wrapper-with-shell`: marked where a function that nobody knows is told to use a shell."""
# only: wrapper-with-shell
import subprocess

from shop.processes import execute, Terminal


def clean(path):
    execute("rm -r " + path, shell=True)  # expect: wrapper-with-shell


def clean_without(path):
    execute(["rm", "-r", path], shell=False)


def others(command, flag):
    Terminal(command, shell=True)  # expect: wrapper-with-shell
    execute("sync", shell=True)  # expect: wrapper-with-shell
    execute(command, shell=flag)
    execute(command, shell="bash")
    execute(shell=True)


def known(command):
    subprocess.run(command, shell=True)  # expect: command-injection
    subprocess.run("sync", shell=True)


class Runner:
    def run(self, command, shell=False):
        return command, shell

    def clean(self, path):
        self.run("rm -r " + path, shell=True)  # expect: command-injection
