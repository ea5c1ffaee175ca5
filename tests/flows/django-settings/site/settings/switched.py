from .base import *

DEBUG = True
if PRODUCTION:
    DEBUG = False
