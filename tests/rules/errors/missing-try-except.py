"""`missing-try-except`: marked where a route does what may fail for outside reasons, and nothing catches it."""
import json

import httpx
import requests
from fastapi import APIRouter
from flask import Flask, jsonify, render_template

app = Flask(__name__)
router = APIRouter()


@app.get("/rates")
def rates():
    return requests.get("https://rates.example.com/today", timeout=3).json()  # expect: missing-try-except


@app.get("/rates/<day>")
def rates_of(day):
    for source in ("a", "b"):
        try:
            return requests.get(f"https://{source}.example.com/{day}", timeout=3).json()
        except requests.RequestException:
            continue
    return jsonify(error="no source answered"), 502


@app.get("/import")
def load():
    with open("/var/rates/today.json") as file:  # expect: missing-try-except
        return jsonify(json.load(file))


@router.get("/quotes")
async def quotes():
    return httpx.get("https://quotes.example.com", timeout=3).json()  # expect: missing-try-except


@router.get("/one")
def one(x: int):
    if x:
        try:
            return httpx.get("https://quotes.example.com", timeout=3).json()
        except httpx.HTTPError:
            return {"quotes": []}
    return {"quotes": [x]}


@app.get("/about")
def about():
    return render_template("about.html")


def not_a_route():
    return requests.get("https://rates.example.com/today", timeout=3).json()
