import os

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = not os.environ.get("PRODUCTION", "yes")
ALLOWED_HOSTS = ["shop.example"]
