"""`insecure-cookie`: marked where a cookie that lets somebody in is set without its protection."""
import os
from http.cookies import SimpleCookie

from aiohttp import web
from django.conf import settings
from django.http import HttpResponse
from flask import make_response
from sanic.response import text
from tornado.web import RequestHandler

SESSION_COOKIE = "shop_session"
SECURE = os.environ.get("SECURE_COOKIES", "1") == "1"


def login(user):
    response = make_response("welcome")
    response.set_cookie("session_id", user.new_session())  # expect: insecure-cookie
    return response


def login_protected(user):
    response = make_response("welcome")
    response.set_cookie("session_id", user.new_session(), secure=True, httponly=True, samesite="Lax")
    return response


def in_other_ways(response, user, name, options):
    response.set_cookie("auth_token", user.token, secure=True)  # expect: insecure-cookie
    response.set_cookie("auth_token", user.token, httponly=True, secure=False, samesite="Lax")  # expect: insecure-cookie
    response.set_cookie("accessToken", user.token, None, None, "/", None, True, False, "Lax")  # expect: insecure-cookie
    response.set_cookie(key=SESSION_COOKIE, value=user.sid)  # expect: insecure-cookie
    response.set_cookie(settings.SESSION_COOKIE_NAME, user.sid)  # expect: insecure-cookie
    response.set_cookie("s", user.access_token)  # expect: insecure-cookie
    response.set_signed_cookie("remember", user.pk, salt="x")  # expect: insecure-cookie
    response.set_cookie("csrftoken", user.csrf)  # expect: insecure-cookie
    # Only `SameSite` is missing: shown, fails no gate.
    response.set_cookie("session_id", user.sid, secure=True, httponly=True)  # expect: insecure-cookie
    response.set_cookie("csrftoken", user.csrf, secure=True, samesite="Lax")
    response.set_cookie("session_id", user.sid, secure=SECURE, httponly=True, samesite="Lax")
    response.set_cookie("session_id", user.sid, secure=settings.SECURE, httponly=True, samesite="Lax")
    response.set_cookie("session_id", user.sid, **options)
    response.set_cookie("session_id", "", max_age=0)
    response.set_cookie("session_id", user.sid, expires=0)
    response.set_cookie("theme", user.theme)
    response.set_cookie("django_language", user.language)
    response.set_cookie("session_banner_seen", user.seen)
    response.set_cookie(user.download_token, "done")
    response.set_cookie(name, user.cart)
    response.delete_cookie("session_id")


class Login(RequestHandler):
    def post(self, user):
        self.set_secure_cookie("user", user)  # expect: insecure-cookie
        self.set_signed_cookie("user", user, secure=True, httponly=True, samesite="Strict")


async def in_aiohttp(request, user):
    response = web.Response()
    response.set_cookie("sid", user.sid)  # expect: insecure-cookie
    return response


async def in_sanic(request, user):
    response = text("welcome")
    # Secure and Lax by themselves.
    response.add_cookie("session", user.sid)  # expect: insecure-cookie
    response.add_cookie("session", user.sid, httponly=True)
    return response


def in_django(request, user) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("jwt", user.jwt, httponly=True)  # expect: insecure-cookie
    return response


def in_a_jar(jar, driver, cookie):
    jar.set_cookie(cookie)
    driver.add_cookie({"name": "session", "value": "x"})


def by_hand(handler, sid):
    cookie = SimpleCookie()
    cookie["session"] = sid  # expect: insecure-cookie
    cookie["theme"] = "dark"
    handler.send_header("Set-Cookie", cookie.output(header=""))


def by_hand_protected(handler, sid):
    cookie = SimpleCookie()
    cookie["session"] = sid
    cookie["session"]["secure"] = True
    cookie["session"]["httponly"] = True
    cookie["session"]["samesite"] = "Lax"
    handler.send_header("Set-Cookie", cookie.output(header=""))
