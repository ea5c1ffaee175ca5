"""`wildcard-injection`: marked where a bare `*` may become an option of a program that has dangerous ones."""
# only: wildcard-injection

import os
import subprocess


def pack():
    os.system("cd /srv/uploads && tar czf /backup/uploads.tgz *")  # expect: wildcard-injection
    subprocess.run("chown www:www *.pdf", shell=True)  # expect: wildcard-injection
    os.system("sudo /usr/bin/rsync -a * backup:/srv/")  # expect: wildcard-injection
    os.popen(f"chmod 644 * && sleep {int('1')}")  # expect: wildcard-injection


def pack_names_that_begin_with_a_path():
    os.system("tar czf /backup/uploads.tgz ./*")
    os.system("tar czf /backup/uploads.tgz -- *")
    os.system("chown www:www /srv/uploads/*")


def other_programs():
    os.system("service start *")
    os.system("ls *; tar tf uploads.tgz")
    subprocess.run(["tar", "czf", "uploads.tgz", "*"])
