"""Customers: sign-up, login, the account page."""

import functools
import hashlib
import hmac
import secrets

from flask import Blueprint, abort, jsonify, request, session

from shop.db import ORDERS_OF_CUSTOMER, get_db

bp = Blueprint("accounts", __name__, url_prefix="/account")


def login_required(view):
    @functools.wraps(view)
    def wrapped(*args, **kwargs):
        if "customer_id" not in session:
            abort(401)
        return view(*args, **kwargs)

    return wrapped


def staff_required(view):
    @functools.wraps(view)
    def wrapped(*args, **kwargs):
        if not session.get("staff"):
            abort(403)
        return view(*args, **kwargs)

    return wrapped


def hash_password(password: str, salt: str) -> str:
    return hashlib.md5((salt + password).encode()).hexdigest()


def avatar_url(email: str) -> str:
    # backend-audit: ignore[weak-hash] Gravatar looks a person up by the MD5 of the address
    digest = hashlib.md5(email.strip().lower().encode()).hexdigest()
    return f"https://www.gravatar.com/avatar/{digest}?d=identicon"


@bp.post("/sign-up")
def sign_up():
    email = request.form["email"]
    salt = secrets.token_hex(16)
    db = get_db()
    db.execute(
        "INSERT INTO customers (email, salt, digest) VALUES (?, ?, ?)",
        (email, salt, hash_password(request.form["password"], salt)),
    )
    db.commit()
    return jsonify(email=email, avatar=avatar_url(email)), 201


@bp.post("/login")
def login():
    email = request.form["email"]
    row = get_db().execute(
        "SELECT id, salt, digest, staff FROM customers WHERE email = '%s'" % email
    ).fetchone()
    if row is None:
        abort(401)
    digest = hash_password(request.form["password"], row["salt"])
    if not hmac.compare_digest(digest, row["digest"]):
        abort(401)
    session["customer_id"] = row["id"]
    session["staff"] = bool(row["staff"])
    return jsonify(id=row["id"])


@bp.get("/orders")
@login_required
def orders():
    rows = get_db().execute(ORDERS_OF_CUSTOMER, (session["customer_id"],)).fetchall()
    return jsonify(orders=[dict(row) for row in rows])
