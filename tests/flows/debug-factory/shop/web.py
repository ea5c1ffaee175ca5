from flask import Flask


def create_app() -> Flask:
    return Flask(__name__)


def build_app(config):
    app = Flask(__name__)
    app.config.update(config)
    return app


class Job:
    def run(self, debug):
        return debug
