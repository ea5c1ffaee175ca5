from flask import Flask

from shop.settings import base

app = Flask(__name__)
app.secret_key = "9f2c7be04d1a5e6b83c0d7f1"  # expect: hardcoded-secret, shared-secret-key
app.config["SECRET_KEY"] = base.SECRET_KEY
app.config.update(
    JWT_SECRET_KEY="b7d1e93c5a20f846",  # expect: hardcoded-secret, shared-secret-key
    SESSION_COOKIE_SECURE=True,
)
