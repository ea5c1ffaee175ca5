import os

SECRET_KEY = os.environ["SECRET_KEY"]
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["shop.example.com"]
