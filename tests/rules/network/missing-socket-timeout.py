"""`missing-socket-timeout`: marked where a client of the standard library has no timeout, silent where it has one."""
# only: missing-socket-timeout
import ftplib
import http.client
import smtplib
import socket
from urllib.request import urlopen


def read(url):
    with urlopen(url) as answer:  # expect: missing-socket-timeout
        return answer.read()


def read_in_time(url):
    with urlopen(url, timeout=10) as answer:
        return answer.read()


def more(host, limit, **options):
    smtplib.SMTP(host, 25)  # expect: missing-socket-timeout
    smtplib.SMTP(host, 25, timeout=limit)
    socket.create_connection((host, 80))  # expect: missing-socket-timeout
    socket.create_connection((host, 80), 5)
    http.client.HTTPSConnection(host, timeout=None)  # expect: missing-socket-timeout
    http.client.HTTPSConnection(host, **options)
    ftplib.FTP_TLS(host)  # expect: missing-socket-timeout
    urlopen(host, None, 5)
