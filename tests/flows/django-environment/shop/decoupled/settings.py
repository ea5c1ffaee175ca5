from decouple import Csv, config

INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = config("DEBUG", default=True, cast=bool)  # expect: django-debug
ALLOWED_HOSTS = config("HOSTS", default="*", cast=Csv())  # expect: django-allowed-hosts
