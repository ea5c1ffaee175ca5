"""The SQLite connection of the current request, and statements that several views share."""

import sqlite3

from flask import current_app, g

ORDER_COLUMNS = "id, customer_id, total_cents, placed_at"
ORDERS_OF_CUSTOMER = f"SELECT {ORDER_COLUMNS} FROM orders WHERE customer_id = ? ORDER BY placed_at DESC"


def get_db() -> sqlite3.Connection:
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
    return g.db


def close_db(_error=None):
    db = g.pop("db", None)
    if db is not None:
        db.close()
