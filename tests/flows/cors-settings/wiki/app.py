from sanic import Sanic

app = Sanic("wiki")
app.config.CORS_ORIGINS = "*"  # expect: cors-any-origin-with-credentials
app.config.CORS_SUPPORTS_CREDENTIALS = True
