"""Stock and prices as staff upload them."""

import logging

import yaml
from flask import Blueprint, abort, jsonify, request

from shop.db import get_db
from shop.suppliers import SupplierClient, SupplierError

from .accounts import staff_required

bp = Blueprint("stock", __name__, url_prefix="/stock")
log = logging.getLogger(__name__)


@bp.post("/prices")
@staff_required
def import_prices():
    prices = yaml.load(request.files["prices"].stream, Loader=yaml.Loader)
    db = get_db()
    db.executemany(
        "UPDATE products SET price_cents = ? WHERE sku = ?",
        [(entry["cents"], entry["sku"]) for entry in prices],
    )
    db.commit()
    return jsonify(updated=len(prices))


@bp.post("/zones")
@staff_required
def import_zones():
    try:
        zones = yaml.safe_load(request.files["zones"].stream)
    except yaml.YAMLError as error:
        log.warning("shipping zones are not valid YAML: %s", error)
        abort(400)
    return jsonify(zones=sorted(zones))


@bp.post("/refresh/<sku>")
@staff_required
def refresh(sku):
    client = SupplierClient("https://stock.supplier.example", request.form["token"])
    client.connect()
    try:
        quantity = client.quantity(sku)
    except SupplierError:
        abort(502)
    db = get_db()
    db.execute("UPDATE products SET quantity = :quantity WHERE sku = :sku", {"quantity": quantity, "sku": sku})
    db.commit()
    return jsonify(sku=sku, quantity=quantity)
