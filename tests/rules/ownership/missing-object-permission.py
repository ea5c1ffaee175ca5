"""A shop with Flask and Flask-SQLAlchemy: whoever is logged in may see his own orders, and nobody else's."""

import logging

from bson import ObjectId
from flask import Blueprint, Flask, abort, current_app, g, jsonify, request, session
from flask_jwt_extended import get_jwt_identity, jwt_required
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
log = logging.getLogger(__name__)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))
    is_admin = db.Column(db.Boolean)


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))
    total = db.Column(db.Numeric)
    updated_by = db.Column(db.Integer)
    user = db.relationship("User", backref="orders")


class Line(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    order_id = db.Column(db.Integer, db.ForeignKey("order.id"))
    text = db.Column(db.String(80))


class Category(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80))


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    author_id = db.Column(db.Integer, db.ForeignKey("user.id"))
    text = db.Column(db.Text)


@app.get("/orders/<int:order_id>")
@login_required
def show_order(order_id):
    order = Order.query.get_or_404(order_id)  # expect: missing-object-permission
    return jsonify(id=order.id, total=str(order.total))


@app.get("/my/orders/<int:order_id>")
@login_required
def show_own_order(order_id):
    order = Order.query.filter_by(id=order_id, user_id=current_user.id).first_or_404()
    return jsonify(id=order.id, total=str(order.total))


@app.delete("/orders/<int:order_id>")
@login_required
def delete_order(order_id):
    order = db.session.get(Order, order_id)  # expect: missing-object-permission
    db.session.delete(order)
    db.session.commit()
    return "", 204


# The owner is compared after the fetch.
@app.delete("/my/orders/<int:order_id>")
@login_required
def delete_own_order(order_id):
    order = db.session.get(Order, order_id)
    if order is None:
        abort(404)
    if order.user_id != current_user.id:
        abort(403)
    db.session.delete(order)
    db.session.commit()
    return "", 204


# Who did it is noted and logged, not asked.
@app.put("/orders/<int:order_id>")
@login_required
def change_order(order_id):
    order = Order.query.filter_by(id=order_id).first()  # expect: missing-object-permission
    order.total = request.json["total"]
    order.updated_by = current_user.id
    log.info("order %s changed by %s", order_id, current_user.id)
    db.session.commit()
    return jsonify(id=order.id, editor=current_user.name)


@app.post("/orders/cancel")
@jwt_required()
def cancel_order():
    data = request.get_json()
    order = Order.query.get(data["order_id"])  # expect: missing-object-permission
    order.total = 0
    db.session.commit()
    return jsonify(ok=True)


@app.post("/my/orders/cancel")
@jwt_required()
def cancel_own_order():
    user = User.query.get(get_jwt_identity())
    order = Order.query.get(request.get_json()["order_id"])
    if order not in user.orders:
        return jsonify(error="not yours"), 403
    order.total = 0
    db.session.commit()
    return jsonify(ok=True)


# That somebody is logged in says nothing of whose order it is.
@app.get("/orders/by-id")
def order_by_id():
    user_id = session.get("user_id")
    if not user_id:
        abort(401)
    order = Order.query.filter(Order.id == request.args.get("id")).one_or_none()  # expect: missing-object-permission
    return jsonify(total=str(order.total))


@app.get("/my/orders/by-id")
def own_order_by_id():
    user_id = session.get("user_id")
    if not user_id:
        abort(401)
    order = Order.query.filter(Order.id == request.args.get("id"), Order.user_id == user_id).one_or_none()
    return jsonify(total=str(order.total))


# The line of an order belongs to whoever the order belongs to.
@app.delete("/lines/<int:line_id>")
@login_required
def delete_line(line_id):
    db.session.delete(Line.query.get_or_404(line_id))  # expect: missing-object-permission
    db.session.commit()
    return "", 204


@app.delete("/my/lines/<int:line_id>")
@login_required
def delete_own_line(line_id):
    line = Line.query.join(Order).filter(Line.id == line_id, Order.user_id == current_user.id).first_or_404()
    db.session.delete(line)
    db.session.commit()
    return "", 204


# Nobody owns a category.
@app.get("/categories/<int:category_id>")
@login_required
def show_category(category_id):
    return jsonify(title=Category.query.get_or_404(category_id).title)


# Posts are there to be read, but not to be changed by all.
@app.get("/posts/<int:post_id>")
@login_required
def show_post(post_id):
    return jsonify(text=Post.query.get_or_404(post_id).text)


@app.put("/posts/<int:post_id>")
@login_required
def change_post(post_id):
    post = Post.query.get_or_404(post_id)  # expect: missing-object-permission
    post.text = request.json["text"]
    db.session.commit()
    return jsonify(ok=True)


# Only some may come here at all.
def admin_required(view):
    def wrapper(*args, **kwargs):
        if not current_user.is_admin:
            abort(403)
        return view(*args, **kwargs)

    return wrapper


@app.get("/all/orders/<int:order_id>")
@admin_required
def show_any_order(order_id):
    return jsonify(total=str(Order.query.get_or_404(order_id).total))


@app.get("/support/orders/<int:order_id>")
@login_required
def show_order_to_support(order_id):
    if not current_user.is_admin:
        abort(403)
    return jsonify(total=str(Order.query.get_or_404(order_id).total))


# A helper fetches it, and does not know who asks.
def load_order(order_id):
    return Order.query.get_or_404(order_id)  # expect: missing-object-permission


@app.get("/v2/orders/<int:order_id>")
@login_required
def show_loaded_order(order_id):
    return jsonify(total=str(load_order(order_id).total))


# This one does.
def load_order_of(order_id, user):
    order = Order.query.get_or_404(order_id)
    if order.user_id != user.id:
        abort(404)
    return order


@app.get("/v3/orders/<int:order_id>")
@login_required
def show_order_of_user(order_id):
    return jsonify(total=str(load_order_of(order_id, current_user).total))


def require_owner(order):
    if order.user_id != current_user.id:
        abort(403)


@app.get("/v4/orders/<int:order_id>")
@login_required
def show_checked_order(order_id):
    order = Order.query.get_or_404(order_id)
    require_owner(order)
    return jsonify(total=str(order.total))


# A decorator that looks at the order.
def owner_only(view):
    def wrapper(*args, **kwargs):
        order = Order.query.get_or_404(kwargs["order_id"])
        if order.user_id != current_user.id:
            abort(403)
        return view(*args, **kwargs)

    return wrapper


@app.get("/v5/orders/<int:order_id>")
@login_required
@owner_only
def show_guarded_order(order_id):
    return jsonify(total=str(Order.query.get_or_404(order_id).total))


# Nothing is known of who may call: that is another matter.
@app.get("/open/orders/<int:order_id>")
def show_open_order(order_id):
    return jsonify(total=str(Order.query.get_or_404(order_id).total))


# The link itself is the secret.
@app.get("/shared/<token>")
@login_required
def show_shared_order(token):
    return jsonify(total=str(Order.query.filter_by(token=token).first_or_404().total))


# Documents have no class.
@app.get("/notes/<note_id>")
@login_required
def show_note(note_id):
    note = current_app.mongo.notes.find_one({"_id": ObjectId(note_id)})  # expect: missing-object-permission
    return jsonify(note["text"])


@app.get("/my/notes/<note_id>")
@login_required
def show_own_note(note_id):
    note = current_app.mongo.notes.find_one({"_id": ObjectId(note_id), "owner": current_user.id})
    return jsonify(note["text"])


@app.delete("/my/notes/<note_id>")
@login_required
def delete_own_note(note_id):
    query = {"_id": ObjectId(note_id), "owner": g.user["id"]}
    current_app.mongo.notes.delete_one(query)
    return "", 204


@app.get("/invoices/<int:invoice_id>")
@login_required
def show_invoice(invoice_id):
    row = g.db.execute("SELECT * FROM invoices WHERE id = ?", (invoice_id,)).fetchone()  # expect: missing-object-permission
    return jsonify(dict(row))


@app.get("/my/invoices/<int:invoice_id>")
@login_required
def show_own_invoice(invoice_id):
    row = g.db.execute("SELECT * FROM invoices WHERE id = ? AND user_id = ?", (invoice_id, g.user["id"])).fetchone()
    return jsonify(dict(row))


# Everything of a blueprint is behind a login.
account = Blueprint("account", __name__, url_prefix="/account")


@account.before_request
def demand_login():
    if not current_user.is_authenticated:
        abort(401)


@account.get("/orders/<int:order_id>")
def account_order(order_id):
    order = db.session.query(Order).get(order_id)  # expect: missing-object-permission
    return jsonify(total=str(order.total))


@account.get("/own/<int:order_id>")
def account_own_order(order_id):
    order = db.session.query(Order).filter(Order.id == order_id).filter(Order.user == current_user).one()
    return jsonify(total=str(order.total))


app.register_blueprint(account)
