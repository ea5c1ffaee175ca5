INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_ALL_ORIGINS = True
