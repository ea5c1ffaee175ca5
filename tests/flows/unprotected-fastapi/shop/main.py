from fastapi import Depends, FastAPI

from . import items, jobs, private, users
from .deps import caller

app = FastAPI()
app.include_router(items.router, prefix="/api")
app.include_router(users.router, prefix="/api")
app.include_router(private.router, prefix="/api")
app.include_router(jobs.router, prefix="/internal", dependencies=[Depends(caller)])


@app.websocket("/admin/feed")
async def feed(socket):  # expect: unprotected-route
    await socket.accept()


@app.post("/login/access-token")
def login(name: str, password: str):
    return token_for(name, password)
