"""`shell-literal`: marked where a shell is started for a constant command."""
# only: shell-literal

import os
import subprocess

CLEAN = "rm -f /var/spool/shop/*.pdf"


def clean():
    os.system("sync")  # expect: shell-literal
    subprocess.run(CLEAN, shell=True, check=True)  # expect: shell-literal
    subprocess.call("ls | wc -l", shell=True)  # expect: shell-literal


def clean_without_a_shell():
    subprocess.run(["sync"], check=True)
    subprocess.run("sync")
    subprocess.run(CLEAN, shell=False)
    os.execv("/bin/sync", ["sync"])


def not_constant(path, flag):
    os.system("rm " + path)  # expect: command-injection
    os.system("")
    subprocess.run("sync", shell=flag)
    subprocess.run("sync", shell=[])


def switched_on_by_a_list(client):
    subprocess.run("sync", shell=["yes"])  # expect: shell-literal
    client.exec_command("sync")  # expect: shell-literal
