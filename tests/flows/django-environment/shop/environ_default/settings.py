import os

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = os.environ.get("DEBUG", "True") == "True"  # expect: django-debug
ALLOWED_HOSTS = os.environ.get("HOSTS", "*").split(",")  # expect: django-allowed-hosts
