import os


def calculate(expression, path):
    eval(expression)  # backend-audit: ignore[dangerous-eval] only the shop's own texts
    # backend-audit: ignore[dangerous-eval]
    eval(expression)
    eval(expression)  # nosec B307
    eval(expression)  # noqa: S307
    eval(expression)  # noqa
    eval(expression)  # backend-audit: ignore[loose-permissions]
    os.chmod(path, 0o777)  # backend-audit: ignore
    os.chmod(path, 0o777)  # backend-audit: ignore[loose-permission] misspelt
