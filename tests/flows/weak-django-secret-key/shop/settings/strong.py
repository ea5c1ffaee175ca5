from .base import *

SECRET_KEY = "Zr7Tw9vLx2QmK4bN8sYpD1eHfJ6cUaG3Zr7Tw9vLx2QmK4bN8sYpD1eHfJ6cUaG3"  # expect: hardcoded-secret
