import environ

env = environ.Env(DEBUG=(bool, False))
INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = env("DEBUG")
ALLOWED_HOSTS = env.list("HOSTS")
