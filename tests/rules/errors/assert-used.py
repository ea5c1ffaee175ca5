"""`assert-used`: marked where an assert checks something, silent where it tells a type checker something."""
import os
import typing
from typing import TYPE_CHECKING

from shop import Order


def withdraw(account, amount):
    assert amount > 0, "the amount has to be positive"  # expect: assert-used
    account.balance -= amount


def deposit(account, amount):
    if amount <= 0:
        raise ValueError("the amount has to be positive")
    account.balance += amount


def every_form(path, orders, mode):
    assert os.path.exists(path)  # expect: assert-used
    assert len(orders) == 1 and isinstance(orders[0], Order)  # expect: assert-used
    assert mode in {"r", "w"}  # expect: assert-used
    assert not orders  # expect: assert-used
    assert orders, "nothing ordered"  # expect: assert-used
    assert orders[0]  # expect: assert-used


def for_the_type_checker(order, entry, path):
    assert isinstance(order, Order)
    assert order is not None
    assert order.customer is not None and isinstance(path, str)
    assert entry
    assert order.customer and entry.data
    assert not isinstance(path, bytes)
    if TYPE_CHECKING:
        assert len(path) > 1
    if typing.TYPE_CHECKING:
        assert len(path) > 1


def cannot_be_reached(mode):
    if mode == "r":
        return 1
    assert False, mode
