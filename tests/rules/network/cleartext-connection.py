"""`cleartext-connection`: marked where a connection without encryption is opened."""
# only: cleartext-connection
import ftplib  # expect: insecure-protocol
import imaplib
import smtplib
import telnetlib  # expect: insecure-protocol
from ftplib import FTP, FTP_TLS  # expect: insecure-protocol


def fetch(host):
    return ftplib.FTP(host, timeout=10)  # expect: cleartext-connection


def fetch_encrypted(host):
    return ftplib.FTP_TLS(host, timeout=10)


def others(host):
    FTP(host, timeout=10)  # expect: cleartext-connection
    telnetlib.Telnet(host, timeout=10)  # expect: cleartext-connection
    imaplib.IMAP4(host)  # expect: cleartext-connection
    imaplib.IMAP4_SSL(host)
    FTP_TLS(host)


def send(host, message):
    smtplib.SMTP(host).send_message(message)
