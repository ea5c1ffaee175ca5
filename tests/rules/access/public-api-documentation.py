# only: public-api-documentation
import os

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from flask import Flask, send_file

app = FastAPI(title="Orders")  # expect: public-api-documentation

closed = FastAPI(title="Stock", docs_url=None, redoc_url=None, openapi_url=None)
chosen = FastAPI(openapi_url=os.environ.get("OPENAPI_URL"))


@closed.get("/docs", dependencies=[Depends(HTTPBearer())])
def documentation():
    return page("docs")


site = Flask(__name__)


@site.get("/swagger.json")
def swagger():  # expect: public-api-documentation
    return send_file("swagger.json")


@site.get("/documents")
def documents():
    return listing()
