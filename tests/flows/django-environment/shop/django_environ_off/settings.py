import environ

env = environ.Env()
INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("HOSTS", default=[])
