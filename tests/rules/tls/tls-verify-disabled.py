"""`tls-verify-disabled`: marked where the peer's certificate is not verified, silent where it is or somebody chose."""
import functools
import os
import ssl

import aiohttp
import httpx
import pycurl
import requests
import requests as rq
import urllib3
from requests import Session
from requests.sessions import Session as Base

try:
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    create_urllib3_context = None

VERIFY = False
VERIFIED = "/etc/ssl/partner.pem"


def balance(account):
    answer = requests.get(f"https://bank.example/{account}", verify=False, timeout=5)  # expect: tls-verify-disabled
    return answer.json()


def balance_of_partner(account):
    answer = requests.get(f"https://bank.example/{account}", verify=VERIFIED, timeout=5)
    return answer.json()


def functions(url, body):
    rq.post(url, json=body, verify=VERIFY, timeout=5)  # expect: tls-verify-disabled
    requests.api.put(url, verify=0, timeout=5)  # expect: tls-verify-disabled
    requests.request("DELETE", url, verify=not True, timeout=5)  # expect: tls-verify-disabled
    fetch = functools.partial(requests.get, verify=False, timeout=5)  # expect: tls-verify-disabled
    options = {"verify": False, "timeout": 5}
    requests.get(url, **options)  # expect: tls-verify-disabled
    return fetch(url)


def verified(url, verify, options):
    requests.get(url, timeout=5)
    requests.get(url, verify=True, timeout=5)
    requests.get(url, verify=None, timeout=5)
    requests.get(url, verify=verify, timeout=5)
    requests.get(url, verify=os.environ.get("CA_BUNDLE", True), timeout=5)
    requests.get(url, timeout=5, **options)
    functools.partial(requests.get, timeout=5)
    lookup.get(url, verify=False)


class Client:
    def __init__(self, verify_ssl=False):
        self.session = None
        self.verify_ssl = verify_ssl

    def connect(self):
        self.session = Session()
        self.session.headers["Accept"] = "application/json"

    def stock(self, sku):
        return self.session.get(f"https://stock.example/{sku}", verify=False, timeout=5)  # expect: tls-verify-disabled

    def price(self, sku):
        return self.session.get(f"https://price.example/{sku}", verify=self.verify_ssl, timeout=5)

    def trusting(self):
        self.session.verify = False  # expect: tls-verify-disabled
        return self

    def configured(self):
        self.session.verify = self.verify_ssl
        if not self.verify_ssl:
            self.session.verify = False
        return self


class SignedSession(Base):
    pass


def sessions(url):
    with requests.session() as session:
        session.send(requests.Request("GET", url).prepare(), verify=False)  # expect: tls-verify-disabled
    signed = SignedSession()
    signed.patch(url, verify=False, timeout=5)  # expect: tls-verify-disabled
    signed.verify = False  # expect: tls-verify-disabled
    signed.verify = "/etc/ssl/partner.pem"


def tune(session, form):
    session.verify = False  # expect: tls-verify-disabled
    form.verify = False


async def asynchronous(url):
    async with httpx.AsyncClient(verify=False) as client:  # expect: tls-verify-disabled
        await client.get(url)
    async with aiohttp.ClientSession() as session:
        await session.get(url, ssl=False)  # expect: tls-verify-disabled
        await session.post(url, verify_ssl=False)  # expect: tls-verify-disabled
        await session.get(url, ssl=None)
        await session.get(url, ssl=ssl.create_default_context())
    connector = aiohttp.TCPConnector(ssl=False)  # expect: tls-verify-disabled
    async with httpx.AsyncClient(verify=True) as client:
        await client.get(url)
    return connector


class Transport(httpx.AsyncHTTPTransport):
    pass


class OwnTransport(httpx.AsyncHTTPTransport):
    def __init__(self, verify):
        super().__init__()
        self.double_check = verify


def transports():
    Transport(verify=False)  # expect: tls-verify-disabled
    OwnTransport(verify=False)
    return httpx.get("https://partner.example", verify=False)  # expect: tls-verify-disabled


def pools():
    urllib3.PoolManager(cert_reqs="CERT_NONE")  # expect: tls-verify-disabled
    urllib3.PoolManager(cert_reqs=ssl.CERT_NONE)  # expect: tls-verify-disabled
    urllib3.HTTPSConnectionPool("partner.example", assert_hostname=False)  # expect: tls-verify-disabled
    create_urllib3_context(cert_reqs=ssl.CERT_NONE)  # expect: tls-verify-disabled
    urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    urllib3.PoolManager(cert_reqs=ssl.CERT_REQUIRED)
    urllib3.PoolManager(assert_hostname="partner.example")


def contexts(sock):
    context = ssl._create_unverified_context()  # expect: tls-verify-disabled
    ssl._create_default_https_context = ssl._create_unverified_context  # expect: tls-verify-disabled
    client = ssl.create_default_context()
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE  # expect: tls-verify-disabled
    ssl.wrap_socket(sock)  # expect: tls-verify-disabled
    ssl.wrap_socket(sock, server_side=True)
    ssl.wrap_socket(sock, cert_reqs=ssl.CERT_REQUIRED)
    return context, client


def pinned(context: ssl.SSLContext):
    context.check_hostname = False  # expect: tls-verify-disabled
    context.verify_mode = ssl.CERT_REQUIRED


def server(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    other.verify_mode = ssl.CERT_NONE
    return context, other


def chosen(url, insecure):
    context = ssl._create_unverified_context() if insecure else ssl.create_default_context()
    if insecure:
        requests.get(url, verify=False, timeout=5)
        context.verify_mode = ssl.CERT_NONE
    return context


def by_option(curl: pycurl.Curl):
    curl.setopt(pycurl.SSL_VERIFYPEER, 0)  # expect: tls-verify-disabled
    curl.setopt(pycurl.SSL_VERIFYPEER, 1)
    curl.setopt(pycurl.URL, "https://partner.example")


def by_environment():
    os.environ["PYTHONHTTPSVERIFY"] = "0"  # expect: tls-verify-disabled
    os.environ["CURL_CA_BUNDLE"] = ""  # expect: tls-verify-disabled
    os.environ["REQUESTS_CA_BUNDLE"] = "/etc/ssl/partner.pem"


def lookup(url):
    return url
