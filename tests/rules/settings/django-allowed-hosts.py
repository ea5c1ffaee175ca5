"""`django-allowed-hosts`: marked where any host is allowed."""
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ALLOWED_HOSTS = ["shop.example", "*"]  # expect: django-allowed-hosts
CSRF_TRUSTED_ORIGINS = ["*"]


class Options:
    ALLOWED_HOSTS = ["*"]
