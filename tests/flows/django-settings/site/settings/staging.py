from .base import *

DEBUG = True  # expect: django-debug
ALLOWED_HOSTS: list[str] = ("*",)  # expect: django-allowed-hosts
