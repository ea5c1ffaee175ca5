# Neither is set: reported at the middleware that sets the cookies.
from .base import *

DEBUG = False
