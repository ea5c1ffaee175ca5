from __future__ import annotations

from typing import Annotated, Optional

import aiohttp
import httpx
import requests
from requests import Session
from sqlite3 import connect

plain = requests.Session()
plain  # instance of: requests.Session
Session()  # instance of: requests.Session
NAME = "text"
NAME  # instance of: builtins.str


class Base:
    shared = requests.Session()
    declared: httpx.Client

    def __init__(self, given: requests.Session, untyped, defaulted=Session()):
        given  # instance of: requests.Session
        untyped  # instance of: nothing
        defaulted  # instance of: requests.Session
        self  # instance of: local
        self.given = given
        self.made = None
        self.late: Optional[httpx.Client] = None
        self.first, self.second = untyped

    def open(self):
        self.made = requests.Session()
        self.session = httpx.Client()
        return self

    def use(self):
        self.made  # instance of: requests.Session
        self.session  # instance of: httpx.Client
        self.given  # instance of: requests.Session
        self.late  # instance of: httpx.Client
        self.shared  # instance of: requests.Session
        self.declared  # instance of: httpx.Client
        self.first  # instance of: nothing
        self.client  # instance of: requests.Session
        self.open()  # instance of: local
        self.open().session  # instance of: httpx.Client

        def callback():
            self.session  # instance of: httpx.Client

        callback()  # instance of: nothing

    @property
    def client(self) -> Session:
        return self.made


class Derived(Base):
    def more(self):
        self.session  # instance of: httpx.Client
        super().more


Derived(None, None).session  # instance of: httpx.Client


def build():
    session = requests.Session()
    session.verify = True
    return session


def annotated() -> "requests.Session":
    raise NotImplementedError


build()  # instance of: requests.Session
annotated()  # instance of: requests.Session


async def main(client: httpx.AsyncClient | None, alias: Annotated[Session, "x"], maybe: Optional["Session"]):
    client  # instance of: httpx.AsyncClient
    alias  # instance of: requests.Session
    maybe  # instance of: requests.Session
    async with aiohttp.ClientSession() as session:
        session  # instance of: aiohttp.ClientSession
    with requests.Session() as s:
        s  # instance of: requests.Session
    chosen = client or httpx.AsyncClient()
    chosen  # instance of: httpx.AsyncClient
    either = plain if client else None
    either  # instance of: requests.Session
    (walrus := httpx.Client())
    walrus  # instance of: httpx.Client
    for item in []:
        item  # instance of: nothing
