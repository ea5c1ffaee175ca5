import pickle


def calculate(expression):
    return eval(expression)


def load(text):
    assert text
    return pickle.loads(text)


def saved(text):
    return eval(text)  # backend-audit: ignore[dangerous-eval] written by ourselves
