"""`marshal-load`: bytecode from somewhere else."""
import marshal
import marshal as m


def run(data, stream):
    exec(marshal.loads(data))  # expect: marshal-load, dangerous-eval
    return m.load(stream)  # expect: marshal-load


def copy(value):
    return marshal.loads(marshal.dumps(value))
