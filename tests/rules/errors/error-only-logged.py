"""`error-only-logged`: marked where a function answers as if a failed step had worked."""
import logging
import sys
import traceback
import warnings

from flask import current_app

from shop import audit, payments

log = logging.getLogger(__name__)


def pay(order):
    try:
        payments.charge(order)
    except Exception as error:  # expect: error-only-logged
        log.error("charging %s: %s", order.id, error)
    return {"paid": True}


def refund(order):
    try:
        payments.refund(order)
    except Exception as error:
        log.error("refund of %s: %s", order.id, error)
        return {"refunded": False}
    return {"refunded": True}


class Shop:
    def __init__(self):
        self.journal = logging.getLogger("shop")

    def book(self, order):
        if order.is_new:
            try:
                audit.record(order)
            except Exception:  # expect: error-only-logged
                self.journal.exception("not recorded")
        return order.id

    async def book_later(self, order):
        try:
            await audit.record(order)
        except BaseException:  # expect: error-only-logged
            print("not recorded", file=sys.stderr)
            traceback.print_exc()
        return order.id


def every_way_to_log(order):
    try:
        audit.record(order)
    except:  # expect: error-only-logged
        warnings.warn("not recorded")
    try:
        audit.record(order)
    except Exception:  # expect: error-only-logged
        current_app.logger.warning("not recorded")
    try:
        audit.record(order)
    except Exception:  # expect: error-only-logged
        logging.getLogger("shop").info("not recorded")
    return order


def says_so(order, errors):
    try:
        audit.record(order)
    except Exception:
        log.error("not recorded")
        raise
    try:
        audit.record(order)
    except Exception as error:
        log.error("not recorded")
        errors.append(error)
    try:
        audit.record(order)
    except ValueError:
        log.error("not recorded")
    return errors


def has_a_default(order):
    price = None
    try:
        price = payments.price(order)
    except Exception:
        log.warning("no price for %s", order.id)
    return price


def goes_through_a_list(orders):
    for order in orders:
        try:
            audit.record(order)
        except Exception:
            log.warning("not recorded: %s", order.id)
    return len(orders)


def claims_nothing(order):
    try:
        audit.record(order)
    except Exception:
        log.exception("not recorded")


def cleans_up(order):
    try:
        return payments.price(order)
    finally:
        try:
            audit.record(order)
        except Exception:
            log.exception("not recorded")
