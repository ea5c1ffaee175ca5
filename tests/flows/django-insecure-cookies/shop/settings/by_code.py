from .base import *

for name in ("SESSION", "CSRF"):
    globals()[f"{name}_COOKIE_SECURE"] = True
