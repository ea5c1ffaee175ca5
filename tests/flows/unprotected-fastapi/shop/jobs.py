from fastapi import APIRouter

router = APIRouter()


@router.post("/jobs/{n}/stop")
def stop(n: int):
    return halt(n)
