"""`django-debug`: marked in settings that are not marked as those of a developer."""
import os

INSTALLED_APPS = ["django.contrib.admin"]
ROOT_URLCONF = "shop.urls"
DEBUG = True  # expect: django-debug
TEMPLATE_DEBUG = True


class Options:
    DEBUG = True


def configure():
    DEBUG = True
    return DEBUG, os.environ
