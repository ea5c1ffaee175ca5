"""The storefront that customers see."""

import os

from flask import Flask

from shop import db


def create_app(config=None) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ.get("SHOP_SECRET_KEY"),
        DATABASE="/var/lib/shop/shop.sqlite3",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
    )
    app.config.update(config or {})
    app.teardown_appcontext(db.close_db)

    from . import accounts, cart, catalogue, invoices, stock

    for module in (accounts, cart, catalogue, invoices, stock):
        app.register_blueprint(module.bp)
    return app
