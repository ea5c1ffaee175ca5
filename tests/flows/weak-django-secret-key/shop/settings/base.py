import os

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions"]
ROOT_URLCONF = "shop.urls"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

SECRET_KEY = "django-insecure-base-is-replaced-by-all-settings-built-on-it"  # expect: hardcoded-secret
