"""`status-mismatch`: marked where the status of an error contradicts its text."""
from bottle import abort as bottle_abort
from fastapi import APIRouter, HTTPException, status
from flask import Flask, abort
from tornado.web import HTTPError

from shop import find_order, may

router = APIRouter()
app = Flask(__name__)


@router.get("/orders/{number}")
def order(number: int):
    found = find_order(number)
    if found is None:
        raise HTTPException(status_code=500, detail="Order not found")  # expect: status-mismatch
    return found


@router.get("/carts/{number}")
def cart(number: int):
    found = find_order(number)
    if found is None:
        raise HTTPException(status_code=404, detail="Cart not found")
    return found


@router.get("/boats/{name}")
def boat(name: str, token: str = ""):
    if not token:
        raise HTTPException(404, "Authentication required")  # expect: status-mismatch
    if not may(token, name):
        raise HTTPException(status.HTTP_500_INTERNAL_SERVER_ERROR, "Permission denied")  # expect: status-mismatch
    if name == "new":
        raise HTTPException(500, f"Boat {name} already exists")  # expect: status-mismatch
    if name == "old":
        raise HTTPException(400, "Internal server error")  # expect: status-mismatch
    if name == "fast":
        raise HTTPException(400, "Too many requests")  # expect: status-mismatch
    raise HTTPException(500, "Invalid request body")  # expect: status-mismatch


@app.get("/piers/<int:n>")
def pier(n):
    if n == 1:
        abort(500, description="Pier not found")  # expect: status-mismatch
    if n == 2:
        bottle_abort(500, "Pier does not exist")  # expect: status-mismatch
    if n == 3:
        raise HTTPError(500, "no such pier")  # expect: status-mismatch
    abort(500, description="The crane did not answer")


def both_may_be_meant(n, text):
    if n == 1:
        raise HTTPException(403, "Not authenticated")
    if n == 2:
        raise HTTPException(400, "Email already registered")
    if n == 3:
        raise HTTPException(400, "Order not found")
    if n == 4:
        raise HTTPException(503, "Upstream not found")
    if n == 5:
        raise HTTPException(500, "Setting API_KEY is required")
    raise HTTPException(500, text)
