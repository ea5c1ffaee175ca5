from .base import *

SECRET_KEY = "local"  # expect: hardcoded-secret
