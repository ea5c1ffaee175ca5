"""The cart lives in a cookie, so that it survives without an account."""

import base64
import binascii

from flask import Blueprint, abort, jsonify, request

from shop.db import get_db
from shop.utils import dumps, format_cents, loads

bp = Blueprint("cart", __name__, url_prefix="/cart")

COOKIE = "cart"
MONTH = 30 * 24 * 60 * 60


def read_cart() -> dict:
    raw = request.cookies.get(COOKIE)
    if not raw:
        return {}
    try:
        packed = base64.urlsafe_b64decode(raw)
    except binascii.Error:
        return {}
    return loads(packed)


def write_cart(response, cart):
    packed = base64.urlsafe_b64encode(dumps(cart)).decode("ascii")
    response.set_cookie(COOKIE, packed, max_age=MONTH, secure=True, httponly=True, samesite="Lax")
    return response


@bp.get("/")
def show():
    cart = read_cart()
    marks = ", ".join("?" for _ in cart)
    rows = get_db().execute(
        f"SELECT id, name, price_cents FROM products WHERE id IN ({marks})", tuple(cart)
    ).fetchall()
    total = sum(row["price_cents"] * cart[row["id"]] for row in rows)
    return jsonify(items=[dict(row) for row in rows], total=format_cents(total))


@bp.post("/<int:product_id>")
def add(product_id):
    known = get_db().execute("SELECT 1 FROM products WHERE id = ?", (product_id,)).fetchone()
    if known is None:
        abort(404)
    cart = read_cart()
    cart[product_id] = cart.get(product_id, 0) + 1
    return write_cart(jsonify(count=sum(cart.values())), cart)
