import os

from .base import *

DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
