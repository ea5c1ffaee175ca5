from .base import *
from shop_settings import *
