"""`missing-timeout`: marked where a request waits for ever, silent where a timeout is or may be given."""
import functools

import httpx
import requests
from flask import Flask
from requests import post
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session

app = Flask(__name__)
TIMEOUT = 10


def rates():
    return requests.get("https://rates.example/daily").json()  # expect: missing-timeout


def rates_in_time():
    return requests.get("https://rates.example/daily", timeout=10).json()


@app.route("/rates")
def show_rates():
    return requests.get("https://rates.example/daily", timeout=None).text  # expect: missing-timeout


def functions(url, limit, config):
    post(url, json={})  # expect: missing-timeout
    requests.request("PUT", url)  # expect: missing-timeout
    never = None
    requests.head(url, timeout=never)  # expect: missing-timeout
    post(url, json={}, timeout=TIMEOUT)
    requests.get(url, timeout=(3, 10))
    requests.get(url, timeout=limit)
    requests.get(url, timeout=config["timeout"])
    requests.get(url, timeout=max(limit, 1) * 2)


def handed_on(url, *args, **kwargs):
    requests.get(url, **kwargs)
    requests.get(*args)
    options = {"timeout": 5}
    requests.get(url, **options)


class Client:
    def __init__(self):
        self.session = requests.Session()

    def read(self, url):
        self.session.get(url)  # expect: missing-timeout
        self.session.get(url, timeout=5)
        self.session.request("GET", url, None, None, None, None, None, None, 5)


class TimeoutSession(requests.Session):
    def request(self, method, url, **kwargs):
        kwargs.setdefault("timeout", 10)
        return super().request(method, url, **kwargs)


def sessions(url, session):
    with requests.Session() as plain:
        plain.post(url)  # expect: missing-timeout
    OAuth2Session("id").get(url)  # expect: missing-timeout
    TimeoutSession().get(url)
    session.get(url)


def with_httpx(url):
    httpx.get(url)
    httpx.get(url, timeout=5)
    httpx.get(url, timeout=None)  # expect: missing-timeout
    httpx.Client(timeout=httpx.Timeout(None))  # expect: missing-timeout
    with httpx.Client() as client:
        client.get(url)
        client.get(url, timeout=None)  # expect: missing-timeout


class Unrelated:
    def get(self, url):
        return url


def others(requests_made):
    Unrelated().get("x")
    requests_made.get("x")
    return functools.partial(requests.get, timeout=3), HTTPAdapter
