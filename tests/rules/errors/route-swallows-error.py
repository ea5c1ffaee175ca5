"""`route-swallows-error`: marked where a route logs what went wrong and answers as if nothing had."""
import contextlib
import logging
import os
import traceback

from django.http import JsonResponse
from django.urls import path
from fastapi import APIRouter, HTTPException
from flask import Flask

from shop import cache, charge, forget, places, store

router = APIRouter()
app = Flask(__name__)
log = logging.getLogger(__name__)


@router.post("/orders/{number}/pay")
async def pay(number: int):
    try:
        await charge(number)
    except Exception:  # expect: route-swallows-error
        log.exception("payment of %s failed", number)
    return {"paid": number}


@router.post("/orders/{number}/refund")
async def refund(number: int):
    try:
        await charge(-number)
    except Exception as error:
        log.exception("refund of %s failed", number)
        raise HTTPException(502, "the bank did not answer") from error
    return {"refunded": number}


@app.get("/a")
def printed():
    try:
        store()
    except Exception:  # expect: route-swallows-error
        traceback.print_exc()


@app.get("/b")
def at_times():
    try:
        store()
    except Exception as error:  # expect: route-swallows-error
        if os.environ.get("DEBUG"):
            log.error(error)


@app.get("/c")
def grouped():
    try:
        store()
    except* ValueError as error:  # expect: route-swallows-error
        print(error)


@router.post("/carts/{number}")
async def save(number: int):
    with contextlib.suppress(Exception):  # expect: route-swallows-error
        await store(number)
    return {"saved": number}


@router.delete("/carts/{number}")
async def drop(number: int):
    with contextlib.suppress(FileNotFoundError):
        os.remove(f"/var/carts/{number}")
    with contextlib.suppress(Exception):
        cache.close()
    try:
        await forget(number)
    except KeyError:
        log.info("cart %s was gone", number)
    return {"dropped": number}


def checkout(request):
    try:
        charge(request.user)
    except:  # expect: route-swallows-error
        logging.debug("payment of %s failed", request.user)
    return JsonResponse({"paid": True})


urlpatterns = [path("checkout", checkout)]


@app.get("/places")
def listed():
    found, rate = [], None
    for place in places():
        try:
            found.append(place.load())
        except Exception:
            log.warning("%s left out", place)
    try:
        rate = charge(0)
    except Exception:
        log.warning("no rate")
    try:
        return {"places": found, "rate": rate}
    except Exception:
        log.warning("no answer")
    return {"places": []}


def not_a_route():
    try:
        store()
    except ValueError:
        log.error("not stored")
