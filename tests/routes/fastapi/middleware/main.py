from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from middleware import KeyMiddleware, TimingMiddleware
from other import other

PUBLIC = ["/health", "/docs"]
app = FastAPI()


@app.middleware("http")
async def authenticate(request: Request, call_next):
    if request.url.path in PUBLIC or request.url.path.startswith("/open"):
        return await call_next(request)
    if "authorization" not in request.headers:
        return JSONResponse({"detail": "no"}, status_code=401)
    return await call_next(request)


@app.get("/health")
def health():  # route: GET /health open
    return {}


@app.get("/open/things")
def things():  # route: GET /open/things open
    return {}


@app.get("/data")
def data():  # route: GET /data protected authenticate
    return {}


other.add_middleware(TimingMiddleware)
other.add_middleware(KeyMiddleware)
app.mount("/other", other)
