"""`assert-access-check`: marked where an assert keeps somebody out."""
import hmac
from typing import TYPE_CHECKING

from flask import request
from flask_login import current_user

from shop import Order, User


def delete_order(user, order):
    assert user.is_admin, "only administrators delete orders"  # expect: assert-access-check
    order.delete()


def cancel_order(user, order):
    if not user.is_admin:
        raise PermissionError("only administrators cancel orders")
    order.cancel()


def every_form(user, partner, order):
    assert user.has_perm("shop.delete_order")  # expect: assert-access-check
    assert current_user.id == order.owner_id  # expect: assert-access-check
    assert order and user.is_authenticated  # expect: assert-access-check
    assert partner["active"], "partner is locked"  # expect: assert-access-check
    assert request.form["amount"].isdigit()  # expect: assert-access-check
    assert "amount" in request.args  # expect: assert-access-check
    assert user.role == "seller"  # expect: assert-access-check
    assert order.owner_id == user.id, "Permission denied"  # expect: assert-access-check
    assert hmac.compare_digest(order.mac, partner["mac"])  # expect: assert-access-check


class Orders:
    def delete(self, request, order):
        assert self.check_permission(request, order)  # expect: assert-access-check
        assert not request.user.is_anonymous  # expect: assert-access-check


def about_the_code(user, order, request, callback, matrix):
    assert isinstance(request.user, User)
    assert request.user is not None and isinstance(order, Order)
    assert callable(callback)
    if TYPE_CHECKING:
        assert request.user.is_authenticated
