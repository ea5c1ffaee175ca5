import environ

env = environ.Env()
INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
DEBUG = env.bool("DEBUG", default=True)  # expect: django-debug
ALLOWED_HOSTS = env.list("HOSTS", default=["*"])  # expect: django-allowed-hosts
