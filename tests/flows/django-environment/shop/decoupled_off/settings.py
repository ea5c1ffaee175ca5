from decouple import config

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = config("DEBUG", default="off", cast=bool)
ALLOWED_HOSTS = config("HOSTS")
