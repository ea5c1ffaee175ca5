from .base import *

SESSION_COOKIE_SECURE = True
CSRF_USE_SESSIONS = True
