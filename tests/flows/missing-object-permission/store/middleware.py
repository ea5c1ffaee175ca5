from threading import local

_active = local()


def get_current_tenant():
    return getattr(_active, "tenant", None)
