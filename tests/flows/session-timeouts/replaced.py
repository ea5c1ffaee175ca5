import functools

import requests

session = requests.Session()
session.request = functools.partial(session.request, timeout=10)


def read(url):
    return session.get(url).text
