SECRET_KEY = "not-a-secret-of-anybody"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "shop",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
PROJECT = "config"
ROOT_URLCONF = PROJECT + ".urls"
DEBUG = False
STATIC_URL = "/static/"
