# `core` stands beside `manage.py`.
from core.settings.base import *

DEBUG = False
