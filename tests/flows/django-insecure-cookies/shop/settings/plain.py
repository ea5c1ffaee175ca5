from .base import *

SESSION_COOKIE_SECURE = False  # expect: django-insecure-cookies
CSRF_COOKIE_SECURE = False  # expect: django-insecure-cookies
SESSION_COOKIE_HTTPONLY = False  # expect: django-insecure-cookies
