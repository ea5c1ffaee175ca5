from .base import *

CORS_ALLOW_ALL_ORIGINS = True  # expect: cors-any-origin-with-credentials
