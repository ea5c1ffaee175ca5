import os

INSTALLED_APPS = ["django.contrib.admin"]
ROOT_URLCONF = "site.urls"
DEBUG = True
ALLOWED_HOSTS = ["*"]  # expect: django-allowed-hosts
