"""Invoices as PDF, product pictures as thumbnails."""

import subprocess

from flask import Blueprint, abort, jsonify, request, send_file, session

from shop import paths
from shop.db import get_db

from .accounts import login_required, staff_required

bp = Blueprint("invoices", __name__)


@bp.post("/orders/<int:order_id>/invoice")
@login_required
def invoice(order_id):
    order = get_db().execute(
        "SELECT id FROM orders WHERE id = ? AND customer_id = ?", (order_id, session["customer_id"])
    ).fetchone()
    if order is None:
        abort(404)
    title = request.form.get("title", f"Invoice {order_id}")
    target = f"{paths.SPOOL}/{order_id}.pdf"
    command = f"{paths.PDF_TOOL} --quiet --title '{title}'"
    command += f" http://localhost:5000/orders/{order_id}/print {target}"
    subprocess.run(command, shell=True, check=True, timeout=60)
    return send_file(target, mimetype="application/pdf")


@bp.post("/products/<int:product_id>/thumbnail")
@staff_required
def thumbnail(product_id):
    source = paths.DATA / "pictures" / f"{product_id}.jpg"
    target = paths.DATA / "thumbnails" / f"{product_id}.jpg"
    size = request.form.get("size", "200x200")
    subprocess.run(
        [paths.IMAGE_TOOL, str(source), "-resize", size, str(target)],
        check=True,
        timeout=30,
    )
    return jsonify(thumbnail=target.name), 201


@bp.post("/spool/clean")
@staff_required
def clean_spool():
    subprocess.run(paths.CLEAN_SPOOL, shell=True, check=True, timeout=60)
    return "", 204
