import environ

env = environ.Env(DEBUG=(bool, True), HOSTS=(list, []))
INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = env("DEBUG")  # expect: django-debug
ALLOWED_HOSTS = env("HOSTS")
