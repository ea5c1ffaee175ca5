"""`debug-server`: marked where the debug mode is on, silent where something else decides."""
import os

import bottle
import tornado.web
from fastapi import FastAPI
from flask import Flask, current_app
from flask.app import Flask as Base
from flask_socketio import SocketIO
from werkzeug.serving import run_simple

app = Flask(__name__)
DEBUG = True


def serve():
    app.run(port=5000, debug=True)  # expect: debug-server


def serve_configured():
    app.run(port=5000, debug=os.environ.get("FLASK_DEBUG") == "1")


class Shop(Base):
    pass


def create_app() -> Flask:
    made = Shop(__name__)
    made.debug = True  # expect: debug-server
    made.config["DEBUG"] = True  # expect: debug-server
    made.config.update(DEBUG=True)  # expect: debug-server
    made.config.update({"DEBUG": True})  # expect: debug-server
    made.config.from_mapping(DEBUG=False, TESTING=True)
    made.config["DEBUG"] = os.environ.get("DEBUG", False)
    return made


class Server:
    def __init__(self):
        self.app = Shop(__name__)

    def start(self, debug, **options):
        self.app.run("127.0.0.1", 5000, DEBUG)  # expect: debug-server
        self.app.run("127.0.0.1", 5000, debug)
        self.app.run(debug=self.app.debug)
        self.app.run(**options)
        self.app.run(**{"debug": True})  # expect: debug-server
        if debug:
            self.app.run(debug=True)


def others():
    create_app().run(debug=True)  # expect: debug-server
    current_app.debug = True  # expect: debug-server
    run_simple("localhost", 4000, app, use_debugger=True)  # expect: debug-server
    run_simple("localhost", 4000, app, use_reloader=True)
    SocketIO(app).run(app, debug=True)  # expect: debug-server
    tornado.web.Application([], debug=True)  # expect: debug-server
    bottle.run(debug=True)  # expect: debug-server
    FastAPI(debug=True)  # expect: debug-server
    FastAPI(title="shop")


def unrelated(pipeline, parser):
    pipeline.run(debug=True)
    parser.debug = True
    parser.config["DEBUG"] = True


if __name__ == "__main__":
    app.run(debug=True)  # expect: debug-server
