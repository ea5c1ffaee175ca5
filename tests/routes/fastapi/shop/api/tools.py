from fastapi import APIRouter

router = APIRouter(prefix="/tools")


@router.get("/hammer")
def hammer():  # route: GET /one/tools/hammer open; GET /two/tools/hammer open
    return {}
