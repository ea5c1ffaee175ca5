from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request


async def session_token(request: Request):
    token = find(request.cookies)
    if token is None:
        raise HTTPException(307, headers={"Location": str(request.url_for("pages:login"))})
    return token


async def staff(token=Depends(session_token)):
    return token.user


async def moved(request: Request):
    if request.url.path.startswith("/old"):
        raise HTTPException(307, headers={"Location": "/new"})


app = FastAPI()
router = APIRouter(dependencies=[Depends(staff)])


@router.get("/orders")
async def orders():  # route: GET /orders protected staff
    return []


@app.get("/news", dependencies=[Depends(moved)])
async def news():  # route: GET /news open
    return []


app.include_router(router)
