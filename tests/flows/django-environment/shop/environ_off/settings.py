import os

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true")
ALLOWED_HOSTS = os.environ.get("HOSTS", "shop.example").split(",")
