"""`body-with-status-204`: marked where a body is sent with a status that has none."""
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from flask import Flask, jsonify
from rest_framework import status
from rest_framework.response import Response as RestResponse
from rest_framework.views import APIView

from shop import drop

app = Flask(__name__)
router = APIRouter()


@app.delete("/orders/<int:number>")
def order(number):
    drop(number)
    return jsonify(message="Order dropped"), 204  # expect: body-with-status-204


@app.delete("/carts/<int:number>")
def cart(number):
    drop(number)
    return "", 204


@router.delete("/orders/{number}", status_code=204)
def by_decorator(number: int):
    drop(number)
    return {"dropped": number}  # expect: body-with-status-204


@router.delete("/carts/{number}", status_code=204)
def nothing(number: int):
    drop(number)
    return None


@router.get("/cached")
def cached():
    if drop(0):
        return Response(status_code=304)
    return JSONResponse({"fresh": False}, status_code=304)  # expect: body-with-status-204


class Shelf(APIView):
    def delete(self, request, pk):
        drop(pk)
        if pk:
            return RestResponse(status=status.HTTP_204_NO_CONTENT)
        return RestResponse({"dropped": pk}, status=status.HTTP_204_NO_CONTENT)  # expect: body-with-status-204
