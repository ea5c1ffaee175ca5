"""`timing-unsafe-compare`: marked where a secret is compared with what a client has sent by `==`."""
# only: timing-unsafe-compare
import base64
import hashlib
import hmac
import inspect

from flask import abort, request

from settings import config


def webhook():
    expected = hmac.new(config.SECRET, request.data, hashlib.sha256).hexdigest()
    if request.headers["X-Signature"] != expected:  # expect: timing-unsafe-compare
        abort(403)


def github(body, given):
    digest = "sha256=" + hmac.new(config.SECRET, body, "sha256").hexdigest()
    return digest == given  # expect: timing-unsafe-compare


def api():
    if request.headers.get("X-API-Key") != config.API_KEY:  # expect: timing-unsafe-compare
        abort(401)
    if request.args["access_token"] == config["access_token"]:  # expect: timing-unsafe-compare
        return "ok"
    return "no"


class Basic:
    def __init__(self, password, basic_auth):
        self.password = password
        self.basic_auth = basic_auth

    def check_credentials(self, username, password):
        if (username, password) == self.credentials:  # expect: timing-unsafe-compare
            return True
        return self.passwords.get(username) == password  # expect: timing-unsafe-compare

    def check_password(self, password):
        return self.password == password  # expect: timing-unsafe-compare

    def validate_request(self, basic_auth):
        return basic_auth not in self.basic_auth  # expect: timing-unsafe-compare


def signed(body, given):
    expected = hmac.new(config.SECRET, body, "sha256").digest()
    return hmac.compare_digest(expected, base64.b64decode(given))


def login(form, user, request):
    if request.form["password"] == "" or request.form["password"] is None:
        return "empty"
    if form.password != form.confirm_password:
        return "the passwords differ"
    if len(request.form["password"]) == 8:
        return "short"
    if form.new_password == user.old_password:
        return "the same"
    if form.password_type == request.args["type"]:
        return "type"
    return "ok"


def parse(tokens, token, end_token, kind, state):
    if token == end_token or token == tokens[0]:
        return None
    return kind != state.BAD_PASSWORD


def same_signature(function, other):
    signature = inspect.signature(function)
    return signature == inspect.signature(other)


def refreshed(client, password, common_passwords):
    if client.access_token != client.session.access_token:
        client.save()
    return password in common_passwords
