"""`server-side-request-forgery`: marked where a client shapes the host of a request."""
from urllib.parse import urlparse

import requests
from flask import Flask, abort, request

app = Flask(__name__)
HOSTS = {"example.com", "example.org"}


@app.post("/preview")
def preview():
    return {"text": requests.get(request.json["url"], timeout=9).text}  # expect: server-side-request-forgery/flow


@app.post("/checked")
def checked():
    url = request.json["url"]
    if urlparse(url).netloc not in HOSTS:
        abort(400)
    return {"text": requests.get(url, timeout=9).text}


@app.get("/weather/<city>")
def weather(city):
    return requests.get(f"https://weather.example/v1/{city}", timeout=9).json()


@app.get("/tenant/<name>")
def tenant(name):
    return requests.get(f"https://{name}.internal/status", timeout=9).json()  # expect: server-side-request-forgery/flow
