from app.utils import run_code, unwrap
from app import utils


def total(request):
    run_code(request.args["expression"])  # expect: dangerous-eval
    return utils.run_code(request.args["expression"])  # expect: dangerous-eval
