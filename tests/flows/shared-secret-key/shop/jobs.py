class Config:
    JWT_SECRET_KEY = "b7d1e93c5a20f846"  # expect: hardcoded-secret, shared-secret-key
    SECRET_KEY = ""


class OtherConfig(Config):
    APP_SECRET = "twice-in-one-file-21"
    TOKEN_SECRET = "twice-in-one-file-21"  # expect: hardcoded-secret
