from .base import *

CORS_ALLOWED_ORIGINS = ["https://shop.example"]
