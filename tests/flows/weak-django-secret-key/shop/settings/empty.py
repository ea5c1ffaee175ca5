import os

from .base import *

# Django does not start with an empty key.
SECRET_KEY = os.environ.get("SECRET_KEY", "")
