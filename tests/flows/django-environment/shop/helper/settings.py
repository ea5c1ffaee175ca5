from shop.env import get_bool_env

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = get_bool_env("DEBUG", True)  # expect: django-debug
ALLOWED_HOSTS = ["shop.example"]
