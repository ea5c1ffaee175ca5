import os

SECRET_KEY = "9f2c7be04d1a5e6b83c0d7f1"  # expect: hardcoded-secret, shared-secret-key
SIGNING_KEY = "only-here-5f21c09e"  # expect: hardcoded-secret
JWT_SECRET_KEY = os.environ.get("JWT_SECRET_KEY", "")
SESSION_SECRET = "changeme-please"  # expect: hardcoded-secret
