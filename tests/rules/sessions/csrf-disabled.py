"""`csrf-disabled`: marked where the protection of forms is turned off."""
import os

from flask import Flask
from rest_framework.authentication import SessionAuthentication


def create_app():
    app = Flask(__name__)
    app.config["WTF_CSRF_ENABLED"] = False  # expect: csrf-disabled
    return app


def create_protected_app():
    app = Flask(__name__)
    app.config["WTF_CSRF_ENABLED"] = True
    app.config["JWT_COOKIE_CSRF_PROTECT"] = True
    return app


def create_in_other_ways(app: Flask, testing):
    app.config.update(WTF_CSRF_ENABLED=False)  # expect: csrf-disabled
    app.config["JWT_COOKIE_CSRF_PROTECT"] = False  # expect: csrf-disabled
    app.config["WTF_CSRF_ENABLED"] = os.environ.get("CSRF", "on") == "on"
    app.config["WTF_CSRF_ENABLED"] = os.environ.get("CSRF") == "on"  # expect: csrf-disabled
    if testing:
        app.config["WTF_CSRF_ENABLED"] = False


class Config:
    WTF_CSRF_ENABLED = False  # expect: csrf-disabled


class TestingConfig(Config):
    WTF_CSRF_ENABLED = False


class UncheckedSession(SessionAuthentication):
    def enforce_csrf(self, request):  # expect: csrf-disabled
        return


class LoggedSession(SessionAuthentication):
    def enforce_csrf(self, request):
        log(request)
        super().enforce_csrf(request)


def enforce_csrf(request):
    pass
