import os

SECRET = "shop"
STRONG = os.environ["JWT_KEY"]
ALGORITHMS = ["HS256", "none"]
OPTIONS = {"verify_signature": False}
ISSUER = {"iss": "shop"}
