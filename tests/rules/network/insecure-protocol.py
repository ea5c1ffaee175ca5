"""`insecure-protocol`: marked at the import of what has no encryption, silent where only its encrypted part is used."""
# only: insecure-protocol
import ftplib  # expect: insecure-protocol
import telnetlib  # expect: insecure-protocol
import telnetlib3
from ftplib import FTP  # expect: insecure-protocol
from ftplib import FTP_TLS, error_perm
from telnetlib import Telnet  # expect: insecure-protocol

from . import ftplib as own


def upload(host, stream):
    with ftplib.FTP(host, timeout=5) as connection:
        connection.storbinary("STOR orders.csv", stream)


def upload_encrypted(host, stream):
    try:
        with FTP_TLS(host, timeout=5) as connection:
            connection.storbinary("STOR orders.csv", stream)
    except error_perm:
        return False


def others():
    return telnetlib3, telnetlib, Telnet, FTP, own
