from .base import *

LANGUAGE_CODE = "en-gb"
