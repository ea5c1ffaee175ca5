"""`error-response-status-200`: marked where a route answers an error with a status of success."""
import json
from http import HTTPStatus

import bottle
from aiohttp import web
from django.http import JsonResponse
from django.urls import path
from fastapi import APIRouter, Response, status
from fastapi.responses import JSONResponse
from flask import Flask, jsonify, make_response
from flask import Response as FlaskResponse
from rest_framework.decorators import api_view
from rest_framework.response import Response as RestResponse
from rest_framework.views import APIView
from sanic import Sanic
from sanic.response import json as sanic_json
from tornado.web import Application, RequestHandler

from shop import OutOfStock, find_order, place, ship

app = Flask(__name__)
router = APIRouter()
sanic = Sanic("shop")
FINE = status.HTTP_200_OK


@app.get("/orders/<int:number>")
def order(number):
    found = find_order(number)
    if found is None:
        return jsonify({"error": "Order not found"})  # expect: error-response-status-200
    return jsonify(found)


@app.get("/shipped/<int:number>")
def shipped(number):
    found = find_order(number)
    if found is None:
        return jsonify({"error": "Order not found"}), 404
    return jsonify({"error": None, "shipped": found.is_shipped})


@app.post("/orders")
def create():
    try:
        number = place()
    except OutOfStock as error:
        return {"success": False, "message": f"could not place it: {error}", "error": str(error)}  # expect: error-response-status-200
    except ValueError:
        return jsonify(error="bad input"), 400
    except KeyError:
        return make_response(jsonify(errors=["no address"]))  # expect: error-response-status-200
    except TypeError:
        return make_response(jsonify(errors=["no address"]), 422)
    except OSError:
        return FlaskResponse(json.dumps({"error": "disk full"}), mimetype="application/json")  # expect: error-response-status-200
    return jsonify(message="Order placed", number=number)


@app.get("/carts/<int:number>")
def cart(number):
    answer = jsonify(error="no such cart")
    answer.status_code = 404
    if number > 5:
        return answer
    return {"status": "failed"}, HTTPStatus.CONFLICT


@app.get("/log")
def log():
    return jsonify([{"level": one.level, "message": one.text, "error": one.error} for one in find_order(0)])


@app.get("/fields/<int:number>")
def fields(number):
    found = find_order(number)
    return {"message": found.message, "detail": found.detail, "error": found.error}


@router.get("/orders/{number}")
def read(number: int, answer: Response):
    if number < 0:
        answer.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
        return {"error": "no such number"}
    try:
        return find_order(number)
    except LookupError:
        return {"detail": "Order not found"}  # expect: error-response-status-200
    except PermissionError:
        return JSONResponse({"error": "not yours"}, status_code=FINE)  # expect: error-response-status-200
    except OutOfStock:
        return JSONResponse(content={"error": "gone"}, status_code=status.HTTP_410_GONE)


@router.get("/teapot", status_code=418)
def teapot():
    return {"error": "short and stout"}


@router.post("/ship/{number}", status_code=202)
def ship_it(number: int):
    if not ship(number):
        return {"status": "error", "reason": "no carrier"}  # expect: error-response-status-200
    return {"status": "queued"}


@router.websocket("/updates")
async def updates(socket):
    return {"error": "no updates"}


def talk(request, pk):
    try:
        found = find_order(pk)
    except LookupError:
        return JsonResponse({"error": "no such order", "data": None})  # expect: error-response-status-200
    return JsonResponse({"error": None, "data": found})


urlpatterns = [path("orders/<int:pk>", talk)]


@api_view(["POST"])
def subscribe(request):
    member = find_order(request.data["mail"])
    if member is None:
        return RestResponse(data={"error": "This address is not valid"})  # expect: error-response-status-200
    return RestResponse(data={"message": "You are on the list now"})


class ShelfView(APIView):
    def put(self, request, pk):
        if find_order(pk) is None:
            return RestResponse({"error": "no such shelf"}, status=FINE)  # expect: error-response-status-200
        if pk == 2:
            # That this status has no body need not be said, too.
            return RestResponse({"error": "no such row"}, status=204)  # expect: error-response-status-200
        return RestResponse({"error": "locked"}, status.HTTP_423_LOCKED)

    def helper(self):
        return RestResponse({"error": "no such shelf"})


@sanic.get("/orders")
async def listed(request):
    if not request.args:
        return sanic_json({"error": "no filter"})  # expect: error-response-status-200
    return sanic_json({"error": "no filter"}, status=400)


async def counted(request):
    try:
        return web.json_response(find_order(1))
    except LookupError:
        return web.json_response({"error": "no such order"})  # expect: error-response-status-200


application = web.Application()
application.router.add_get("/counted", counted)


@bottle.get("/acts/<n:int>")
def act(n):
    if n > 5:
        bottle.response.status = 404
        return {"error": "no such act"}
    if n > 3:
        return {"error": "not staged"}  # expect: error-response-status-200
    return {"number": n}


class Scene(RequestHandler):
    def get(self, n):
        if find_order(n) is None:
            self.set_status(404)
            self.write({"error": "no such scene"})
            return
        self.write({"scene": n})

    def delete(self, n):
        try:
            ship(n)
        except LookupError:
            self.write({"error": "no such scene"})  # expect: error-response-status-200


tornado = Application([(r"/scenes/(\d+)", Scene)])


@app.post("/rpc")
def call():
    try:
        return {"jsonrpc": "2.0", "result": place()}
    except ValueError:
        return {"jsonrpc": "2.0", "error": {"code": -32602, "message": "Invalid params"}}


def not_a_route(number):
    try:
        return find_order(number)
    except LookupError:
        return {"error": "no such order"}
