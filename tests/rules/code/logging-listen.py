"""`logging-listen`: marked where a log configuration is taken from whoever connects."""
import logging.config
from logging.config import listen


def start():
    server = logging.config.listen(9999)  # expect: logging-listen
    server.start()


def start_verified():
    server = logging.config.listen(9999, verify=check_signature)
    server.start()


def start_by_name():
    listen()  # expect: logging-listen
    listen(9999, None)  # expect: logging-listen
    listen(verify=None)  # expect: logging-listen
    listen(9999, check_signature)


def start_with(options):
    logging.config.listen(**options)


def check_signature(data):
    return data if data.startswith(b"signed") else None


def other(socket):
    socket.listen(9999)
