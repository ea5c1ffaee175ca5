INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions"]
ROOT_URLCONF = "shop.urls"
SECRET_KEY = "test"
