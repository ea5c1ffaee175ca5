"""`dangerous-eval`: marked where text that is not constant is run, silent where it is constant."""
# only: dangerous-eval
import ast
import builtins


def calculate(expression):
    return eval(expression)  # expect: dangerous-eval


def configure(name):
    exec(f"from settings import {name}")  # expect: dangerous-eval
    builtins.exec("import " + name)  # expect: dangerous-eval
    run = eval
    return run(source=name)  # expect: dangerous-eval


def constants():
    template = "1 + 1"
    eval(template)
    exec("x = " + "1")
    eval(compile("1", "<string>", "eval"))


class Model:
    def eval(self):
        return self


def methods(model: Model, frame):
    model.eval()
    frame.eval("a = b + c")
    Model().eval()


def own(eval):
    return eval("not the builtin " + "at all")


def trees(source, visitor):
    tree = ast.parse(source)
    tree = visitor.visit(tree)
    code = compile(tree, "<template>", "exec")
    exec(code)  # expect: dangerous-eval
    default = compile(ast.Expression(body=tree.body), "<default>", "eval")
    return eval(default)  # expect: dangerous-eval


def in_two_steps(source, scope):
    code = compile(source, "<shell>", "exec")  # expect: dangerous-eval
    exec(code, scope)


def checks(source):
    compile(source, "<upload>", "exec")
    return compile(source, "<upload>", "exec", ast.PyCF_ONLY_AST)
