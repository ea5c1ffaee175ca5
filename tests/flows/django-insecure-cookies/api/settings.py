INSTALLED_APPS = ["rest_framework"]
ROOT_URLCONF = "api.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
SESSION_COOKIE_SECURE = False
