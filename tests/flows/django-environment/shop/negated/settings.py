import os

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = not os.environ.get("PRODUCTION")  # expect: django-debug
ALLOWED_HOSTS = ["shop.example"]
