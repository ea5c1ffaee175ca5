import requests
from requests.adapters import HTTPAdapter


class TimeoutAdapter(HTTPAdapter):
    def send(self, request, **kwargs):
        kwargs["timeout"] = kwargs.get("timeout") or 10
        return super().send(request, **kwargs)


session = requests.Session()
session.mount("https://", TimeoutAdapter())


def read(url):
    return session.get(url).text
