SECRET_KEY = "9f2c7be04d1a5e6b83c0d7f1"  # expect: hardcoded-secret
