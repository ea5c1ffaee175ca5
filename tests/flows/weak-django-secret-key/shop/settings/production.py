import os

from .base import *

SECRET_KEY = os.environ["SECRET_KEY"]
SECRET_KEY_FALLBACKS = ["old-key", os.environ["OLD_KEY"]]  # expect: weak-django-secret-key
