import requests
from requests.adapters import HTTPAdapter

session = requests.Session()
session.mount("https://", HTTPAdapter(max_retries=3))


def read(url):
    return session.get(url).text  # expect: missing-timeout
