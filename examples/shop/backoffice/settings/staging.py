"""Settings of the staging server."""

from .base import *  # noqa: F403

SECRET_KEY = "django-insecure-4v!x8k0q@wz^r2n7#b6y1m)tj3(ue9p&cd5=hs%gfla+o-i_x2"
DEBUG = True
ALLOWED_HOSTS = ["*"]

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
