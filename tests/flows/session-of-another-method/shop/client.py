import requests


class Client:
    def __init__(self, base):
        self.base = base
        self.session = None

    def connect(self):
        self.session = requests.Session()
        self.session.headers["User-Agent"] = "shop"


class Silent:
    def __init__(self, session):
        self.session = session
