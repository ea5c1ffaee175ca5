"""`invalid-raise-status`: marked where an error is raised with a status that is none of an error."""
import http

import fastapi
from bottle import HTTPError
from fastapi import APIRouter, HTTPException, status
from flask import Flask, abort
from rest_framework.exceptions import APIException

from shop import find_order

router = APIRouter()
app = Flask(__name__)


@router.get("/orders/{number}")
def order(number: int):
    found = find_order(number)
    if found is None:
        raise HTTPException(status_code=200, detail="Order not found")  # expect: invalid-raise-status
    return found


@router.get("/carts/{number}")
def cart(number: int):
    found = find_order(number)
    if found is None:
        raise HTTPException(status_code=404, detail="Cart not found")
    return found


@router.get("/forms/{number}")
def every_form(number: int):
    if number == 1:
        raise fastapi.HTTPException(status.HTTP_200_OK, "nope")  # expect: invalid-raise-status
    if number == 2:
        raise HTTPException(http.HTTPStatus.ACCEPTED, detail="later")  # expect: invalid-raise-status
    if number == 3:
        raise HTTPException(999, "what is that")  # expect: invalid-raise-status
    if number == 4:
        raise HTTPException(status.HTTP_303_SEE_OTHER, headers={"Location": "/login"})
    if number == 5:
        raise HTTPException(find_order(number).status)
    raise HTTPError(200, "nope")  # expect: invalid-raise-status


@app.get("/piers/<int:n>")
def pier(n):
    if n == 1:
        abort(204)  # expect: invalid-raise-status
    abort(304)


class Occupied(APIException):
    status_code = 200  # expect: invalid-raise-status
    default_detail = "The berth is taken."


class Closed(APIException):
    status_code = 503
    default_detail = "The berth is closed."


class Answer:
    status_code = 200
