from .base import *

SECRET_KEY = "django-insecure-q@wz^r2n7#b6y1m)tj3(ue9p&cd5=hs%gfla+o-i_x2"  # expect: weak-django-secret-key
