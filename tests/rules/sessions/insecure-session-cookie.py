"""`insecure-session-cookie`: marked where the protection of the session's cookie is turned off."""
import os

from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

KEY = os.environ["SESSION_KEY"]


def create_app():
    app = Flask(__name__)
    app.config["SESSION_COOKIE_SECURE"] = False  # expect: insecure-session-cookie
    return app


def create_protected_app():
    app = Flask(__name__)
    app.config["SESSION_COOKIE_SECURE"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    return app


def create_in_other_ways(app: Flask, debug):
    app.config.update(SESSION_COOKIE_HTTPONLY=False)  # expect: insecure-session-cookie
    app.config.update({"REMEMBER_COOKIE_SECURE": False})  # expect: insecure-session-cookie
    app.config["JWT_COOKIE_SECURE"] = False  # expect: insecure-session-cookie
    app.config["SESSION_COOKIE_SECURE"] = os.environ.get("HTTPS", "1") == "1"
    app.config["SESSION_COOKIE_SECURE"] = not debug
    if debug:
        app.config["SESSION_COOKIE_SECURE"] = False


class Config:
    SESSION_COOKIE_SECURE = False  # expect: insecure-session-cookie


class DevelopmentConfig(Config):
    SESSION_COOKIE_SECURE = False


web = FastAPI()
web.add_middleware(SessionMiddleware, secret_key=KEY)  # expect: insecure-session-cookie
web.add_middleware(SessionMiddleware, secret_key=KEY, https_only=False)  # expect: insecure-session-cookie
web.add_middleware(SessionMiddleware, secret_key=KEY, https_only=True)
site = Starlette(middleware=[Middleware(SessionMiddleware, secret_key=KEY)])  # expect: insecure-session-cookie
shop = Starlette(middleware=[Middleware(SessionMiddleware, secret_key=KEY, https_only=True)])
