from .base import *

SECRET_KEY = "local"
