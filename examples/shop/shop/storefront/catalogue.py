"""Products: lists, search, one product."""

import hashlib

from flask import Blueprint, abort, jsonify, request

from shop.db import get_db
from shop.utils import format_cents

bp = Blueprint("catalogue", __name__)


def as_json(row):
    return {"id": row["id"], "name": row["name"], "price": format_cents(row["price_cents"])}


@bp.get("/products")
def products():
    rows = get_db().execute(
        "SELECT id, name, price_cents FROM products WHERE active = 1 AND category = ?"
        " ORDER BY name LIMIT 100",
        (request.args.get("category", "new"),),
    )
    return jsonify(products=[as_json(row) for row in rows])


@bp.get("/search")
def search():
    conditions = "active = 1"
    brand = request.args.get("brand")
    if brand:
        conditions += f" AND brand = '{brand}'"
    sql = f"SELECT id, name, price_cents FROM products WHERE {conditions} AND name LIKE ? ORDER BY name"
    rows = get_db().execute(sql, (f"%{request.args.get('q', '')}%",))
    return jsonify(products=[as_json(row) for row in rows])


@bp.get("/products/<int:product_id>")
def product(product_id):
    row = get_db().execute(
        "SELECT id, name, price_cents, updated_at FROM products WHERE id = ?", (product_id,)
    ).fetchone()
    if row is None:
        abort(404)
    response = jsonify(as_json(row))
    etag = hashlib.md5(f"{row['id']}:{row['updated_at']}".encode(), usedforsecurity=False)
    response.set_etag(etag.hexdigest())
    return response.make_conditional(request)
