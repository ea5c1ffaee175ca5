"""`cors-any-origin-with-credentials`: marked where any site reads answers that are meant for a logged-in visitor."""
import os

import aiohttp_cors
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS, cross_origin
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware as Cors

app = FastAPI()
app.add_middleware(  # expect: cors-any-origin-with-credentials
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)

public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])

private = FastAPI()
private.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)

ORIGINS = ["*"]
CHOSEN = os.environ["ORIGINS"].split(",")
DEFAULT = os.environ.get("ORIGINS", "*").split(",")


def in_starlette(app, allow):
    app.add_middleware(Cors, allow_origins=ORIGINS, allow_credentials=True)  # expect: cors-any-origin-with-credentials
    app.add_middleware(Cors, allow_origin_regex=".*", allow_credentials=True)  # expect: cors-any-origin-with-credentials
    app.add_middleware(Cors, allow_origins=DEFAULT, allow_credentials=True)  # expect: cors-any-origin-with-credentials
    app.add_middleware(Cors, allow_origins=CHOSEN, allow_credentials=True)
    app.add_middleware(Cors, allow_origins=["*"], allow_credentials=allow)
    app.add_middleware(Cors, allow_origins=["*"], allow_credentials=False)
    app.add_middleware(Other, allow_origins=["*"], allow_credentials=True)
    return [
        Middleware(Cors, allow_origins=["*"], allow_credentials=True),  # expect: cors-any-origin-with-credentials
        Middleware(Cors, allow_origins=["https://shop.example"], allow_credentials=True),
    ]


def in_flask(app: Flask):
    CORS(app, supports_credentials=True)  # expect: cors-any-origin-with-credentials
    CORS(app, origins="*", supports_credentials=True)  # expect: cors-any-origin-with-credentials
    CORS(app, resources={r"/api/*": {"origins": "*"}}, supports_credentials=True)  # expect: cors-any-origin-with-credentials
    CORS(app, resources={r"/api/*": {"origins": "https://shop.example"}}, supports_credentials=True)
    CORS(app, origins=["https://shop.example"], supports_credentials=True)
    CORS(app)
    CORS().init_app(app, supports_credentials=True)  # expect: cors-any-origin-with-credentials


@cross_origin(supports_credentials=True)  # expect: cors-any-origin-with-credentials
def orders():
    return []


@cross_origin()
def products():
    return []


def in_aiohttp(app):
    aiohttp_cors.setup(
        app,
        defaults={
            "*": aiohttp_cors.ResourceOptions(allow_credentials=True),  # expect: cors-any-origin-with-credentials
            "https://shop.example": aiohttp_cors.ResourceOptions(allow_credentials=True),
        },
    )


CORS_ALLOW_ALL_ORIGINS = True  # expect: cors-any-origin-with-credentials
CORS_ALLOW_CREDENTIALS = True
