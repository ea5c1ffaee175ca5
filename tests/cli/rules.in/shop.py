import os


def publish(path, expression):
    assert os.path.exists(path)
    os.chmod(path, 0o777)
    return eval(expression)
