import os

from .base import *

SECRET_KEY = "9f2c7be04d1a5e6b83c0d7f1"  # expect: hardcoded-secret, shared-secret-key
JWT_SECRET_KEY = os.environ["JWT_SECRET_KEY"]
SESSION_SECRET = "changeme-please"  # expect: hardcoded-secret
