import os

from .base import *

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = os.environ.get("HTTPS", "1") == "1"
