INSTALLED_APPS = ["django.contrib.auth"]
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_CREDENTIALS = True
