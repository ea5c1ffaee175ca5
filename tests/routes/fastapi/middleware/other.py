from fastapi import FastAPI

other = FastAPI()


@other.get("/private/a")
def private():  # route: GET /other/private/a protected KeyMiddleware
    return {}


@other.get("/public")
def public():  # route: GET /other/public protected authenticate
    return {}
