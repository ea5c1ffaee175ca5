"""`bind-all-interfaces`: marked where a server listens to everybody, silent on the same text elsewhere."""
import asyncio
import os
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer

import grpc
import uvicorn
from aiohttp import web
from flask import Flask

app = Flask(__name__)
EVERYWHERE = "0.0.0.0"


def serve():
    uvicorn.run(app, host="0.0.0.0", port=8000)  # expect: bind-all-interfaces


def serve_the_proxy():
    uvicorn.run(app, host="127.0.0.1", port=8000)


def more(server, loop, factory):
    app.run(EVERYWHERE)  # expect: bind-all-interfaces
    app.run(host="::", port=5000)  # expect: bind-all-interfaces
    app.run(host=os.environ.get("HOST", "0.0.0.0"))
    app.run()
    HTTPServer(("", 8080), BaseHTTPRequestHandler)  # expect: bind-all-interfaces
    HTTPServer(("localhost", 8080), BaseHTTPRequestHandler)
    web.run_app(web.Application(), host="0.0.0.0")  # expect: bind-all-interfaces
    asyncio.start_server(factory, "0.0.0.0", 9000)  # expect: bind-all-interfaces
    loop.create_server(factory, "0.0.0.0", 9000)  # expect: bind-all-interfaces
    server.add_insecure_port("[::]:50051")  # expect: bind-all-interfaces
    server.add_insecure_port("localhost:50051")
    return grpc.server


def sockets(address):
    listener = socket.socket()
    listener.bind(("0.0.0.0", 9000))  # expect: bind-all-interfaces
    listener.bind(("", 0))
    listener.bind(address)
    if address == "0.0.0.0":
        listener.connect(("127.0.0.1", 9000))


def find_free_port(port):
    with socket.socket() as probe:
        probe.bind(("", port))
        return port


def unrelated(process):
    process.run(host="web1.example")
    return "0.0.0.0", ["0.0.0.0"]
