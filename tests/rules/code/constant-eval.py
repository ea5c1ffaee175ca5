"""`constant-eval`: marked where constant text is run as code, silent on text that is not constant."""
# only: constant-eval
import builtins

VAT = "lambda net: net * 1.2"


def gross(net):
    return eval(VAT)(net)  # expect: constant-eval


def install(scope):
    exec("from shop import rates", scope)  # expect: constant-eval
    builtins.eval("1 + 1")  # expect: constant-eval


def compiled():
    return compile("1 + 1", "<rates>", "eval")


def plain(net):
    vat = lambda value: value * 1.2
    return vat(net)


def not_constant(rule):
    eval(rule)  # expect: dangerous-eval
    eval("")


class Formula:
    def eval(self, text):
        return text

    def total(self):
        return self.eval("1 + 1")
