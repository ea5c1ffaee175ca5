import os

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = bool(int(os.environ.get("DEBUG", 1)))  # expect: django-debug
ALLOWED_HOSTS = [host.strip() for host in os.getenv("HOSTS", "*").split(",")]  # expect: django-allowed-hosts
