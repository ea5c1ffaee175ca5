"""`hardcoded-secret`: marked where a secret stands in the code, silent on what stands for one or is named like one."""
import base64
import hmac
import os
import smtplib
from os import environ, getenv

import jwt
import psycopg2
import requests
from cryptography.fernet import Fernet
from pydantic import BaseModel, Field, SecretStr
from requests.auth import HTTPBasicAuth as Basic


def connect(host):
    return psycopg2.connect(host=host, user="shop", password="Tr0ub4dor&3")  # expect: hardcoded-secret


def connect_from_environment(host):
    return psycopg2.connect(host=host, user="shop", password=os.environ["DB_PASSWORD"])


# Names: plain, annotated, augmented, unpacked, of attributes, of items.
BILLING_API_KEY = "q8Zr2LmX0vT7yBn4KcWd9HsE"  # expect: hardcoded-secret
secret_token: str = "f41e0b6c97d2a853e0b1c4d7"  # expect: hardcoded-secret
db_password = "hunter2"  # expect: hardcoded-secret
user_pw = "s3same!"  # expect: hardcoded-secret
ADMIN_PASS = b"Zk3!pQ9v"  # expect: hardcoded-secret
user, password = "shop", "hunter2"  # expect: hardcoded-secret
access_token = client_id = "0b9c1c1a-7f0e-4c8a-9d51-6f2f0a3b7c21"  # expect: hardcoded-secret
private_key_passphrase = "correct-horse-battery"  # expect: hardcoded-secret
signing_key = ""
signing_key += "k2Vx9Qm4Lr7Tz1Bw"  # expect: hardcoded-secret

config = {}
config["SECRET_KEY"] = "pR4$kd92_mQ"  # expect: hardcoded-secret
config.update(API_TOKEN="kM3xR8vQ2nZ7wT5y")  # expect: hardcoded-secret
environ["SMTP_PASSWORD"] = "hunter2"  # expect: hardcoded-secret


class Client:
    api_secret = "Xw7rT2qLm9Vz4Kp1"  # expect: hardcoded-secret

    def __init__(self, password="hunter2"):  # expect: hardcoded-secret
        self.token = "t9Qz4Lx7Rm2Kv8Wp"  # expect: hardcoded-secret
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Basic c2hvcDpodW50ZXIy"  # expect: hardcoded-secret
        self.session.headers.update({"Authorization": "Bearer q8Zr2LmX0vT7yBn4KcWd9HsE"})  # expect: hardcoded-secret
        self.session.headers.update({"X-Api-Key": "Vb6Nc3Xz9Lk2Jh7G"})  # expect: hardcoded-secret

    def login(self, given, *, passphrase="open-sesame-77"):  # expect: hardcoded-secret
        if given.password == "letmein":  # expect: hardcoded-secret
            return True
        if "changeme" == given.form.get("password"):  # expect: hardcoded-secret
            return True
        if self.password == "password":  # expect: hardcoded-secret
            return True
        return hmac.compare_digest(given.password, "hunter2")  # expect: hardcoded-secret

    def other(self, given):
        self.session.headers["Authorization"] = f"Bearer {given.token}"
        self.session.headers.update({"Authorization": "Bearer <token>", "X-Api-Key": given.key})
        if given.password == "" or given.password == "*" or given.password != given.password2:
            return None
        return given.token == "BEGIN"


# Entries, texts in pieces, texts behind a call.
DATABASES = {
    "default": {
        "USER": "shop",
        "PASSWORD": "vK8#qLz2!mPw",  # expect: hardcoded-secret
        "HOST": "db",
    },
    "replica": {"USER": "shop", "PASSWORD": os.environ.get("REPLICA_PASSWORD", "")},
}
MAIL_PASSWORD = "hunter" + "2!x"  # expect: hardcoded-secret
REFRESH_TOKEN = f"q8Zr2LmX0vT7yBn4{user}"  # expect: hardcoded-secret
WEBHOOK_SECRET = base64.b64decode("cThacjJMbVgwdlQ3eUJuNA==")  # expect: hardcoded-secret
API_KEYS = ["q8Zr2LmX0vT7yBn4", user]
CLIENT_SECRET = "Xw7rT2qLm9Vz4Kp2" if user else None  # expect: hardcoded-secret
if (session_secret := "Yw7rT2qLm9Vz4Kp3"):  # expect: hardcoded-secret
    pass

# What is asked of the environment, with a fallback that everybody can read.
SMTP_PASSWORD = os.getenv("SMTP_PASSWORD", "hunter2")  # expect: hardcoded-secret
JWT_SIGNING_KEY = getenv("JWT_SIGNING_KEY") or "k2Vx9Qm4Lr7Tz1Bw"  # expect: hardcoded-secret
start(os.environ.get("REDIS_PASSWORD", "r3dis!pw"))  # expect: hardcoded-secret
start(os.environ.get("REDIS_PASSWORD", ""), os.environ.get("REDIS_HOST", "redis-1.shop"))

# Passwords inside of texts.
DATABASE_URL = "postgres://shop:hunter2@db:5432/shop"  # expect: hardcoded-secret
BROKER = f"amqp://shop:hunter2@{config['mq']}/"  # expect: hardcoded-secret
DSN = "host=db user=shop password=hunter2 dbname=shop"  # expect: hardcoded-secret
GRANT = "CREATE USER shop IDENTIFIED BY 'hunter2'"  # expect: hardcoded-secret
CACHE_URL = f"redis://:{password}@cache/0"
EXAMPLE_URL = "postgres://user:password@localhost/db"
DOC_URL = "https://example.com/path@2?user:pass"

# In use, whatever it looks like.
SECRET_KEY = "dev"  # expect: hardcoded-secret
app.secret_key = "your-secret-key-here"  # expect: hardcoded-secret
JWT_SECRET = "change me"  # expect: weak-jwt-secret
app.add_middleware(SessionMiddleware, secret_key="secret!")  # expect: hardcoded-secret
app.config.from_mapping(SECRET_KEY="dev")  # expect: hardcoded-secret


def calls(payload, user, options):
    requests.get("https://shop.example", timeout=9, auth=("shop", "hunter2"))  # expect: hardcoded-secret
    requests.get("https://shop.example", timeout=9, auth=Basic("shop", "hunter2"))  # expect: hardcoded-secret
    requests.get("https://shop.example", timeout=9, auth=Basic("shop", options.password))
    Fernet(b"cThacjJMbVgwdlQ3eUJuNGNUaGFjakpNYlZndw==")  # expect: hardcoded-secret
    jwt.encode(payload, "secret", algorithm="HS256")  # expect: weak-jwt-secret
    jwt.encode(payload, options.key, algorithm="HS256")
    user.set_password("sesame")  # expect: hardcoded-secret
    user.set_password(options.password)
    server = smtplib.SMTP("mail", timeout=9)
    server.login("shop", "hunter2")  # expect: hardcoded-secret
    fallback = "s3same!now"  # expect: hardcoded-secret
    server.connect(password=fallback)
    parser.add_argument("--password", default="hunter2")  # expect: hardcoded-secret
    parser.add_argument("--password", help="password of the shop", default=None)


class Settings(BaseModel):
    stripe_api_key: SecretStr = SecretStr("Kp1Xw7rT2qLm9Vz4")  # expect: hardcoded-secret
    admin_password: str = Field("hunter2", description="Password of the admin")  # expect: hardcoded-secret
    user_password: str = Field(description="Password of the user", examples=["hunter2"])
    login: dict = Field(examples=[{"password": "hunter2"}])


# Names of something about a secret.
TOKEN_URL = "https://auth.example.com/oauth/token"
PASSWORD_RESET_TEMPLATE = "registration/password_reset.html"
INVALID_TOKEN_MSG = "The supplied token is invalid"
KEYBOARD_LAYOUT = "qwertz-german-layout"
primary_key = "organisation_id"
CACHE_KEY_PREFIX = "myapp:views:cache"
SECRET_NAME = "projects/p/secrets/db/versions/latest"
API_KEY_HEADER = "X-Internal-Api-Key"
PRIVATE_KEY_FILE = "/etc/ssl/private/server-2024.pem"
password_hash_algo = "pbkdf2_sha256"
SOME_API_VERSION = "2024-05-01-preview"
password_field = "input[name=password]"
csrf_token = "q8Zr2LmX0vT7yBn4KcWd9HsE"
next_page_token = "q8Zr2LmX0vT7yBn4KcWd9HsE"

# Values that stand for a secret, or repeat its name.
API_KEY = "<your-api-key-goes-here>"
SESSION_TOKEN: str = "${SESSION_TOKEN}"
AWS_SECRET_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx"
CONF_PASSWORD = "password"
ACCESS_TOKEN = "access_token"
OAUTH_SECRET = "oauth2_client_secret"
ROOT_PASSWORD = "changeme"
VAULT_TOKEN = "vault:secret/shop#token"
DB_PASSWORD_SOURCE = "environment"
PASSWORD_PIN = "1234"
smtp_password = "none"
mail_password = None
template = {"password": "{{ password }}", "token": "%(token)s", "secret": settings.SECRET}
LOGIN_ERRORS = {"password": "Password must not be empty"}
pad_token = "<pad>"
auth = "basic"
auth = "client_secret_post"
TOKENS = ["identifier", "number", "string"]
