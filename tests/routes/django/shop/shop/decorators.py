from functools import wraps

from django.core.exceptions import PermissionDenied


def customer_only(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not request.user.is_authenticated or not request.user.is_customer:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


def timed(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return wrapper
