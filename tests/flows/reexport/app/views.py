from app.utils import loads, run_code, unwrap
from app import utils


def total(request):
    run_code(request.args["expression"])  # expect: dangerous-eval
    return utils.run_code(request.args["expression"])  # expect: dangerous-eval


def cart(request):
    loads(request.cookies["cart"])  # expect: pickle-load
    unwrap(request.cookies["cart"])  # expect: pickle-load
    return utils.loads(request.cookies["cart"])  # expect: pickle-load
