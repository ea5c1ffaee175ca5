import os

from .base import *

SECRET_KEY = os.environ.get("SECRET_KEY", "kiosk")  # expect: weak-django-secret-key
