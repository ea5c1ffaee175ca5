from fastapi import APIRouter, Depends, HTTPException

from core.security import lenient_user

router = APIRouter()
nested = APIRouter(prefix="/users")


def only_admins(user=Depends(lenient_user)):
    if not user or not user.is_admin:
        raise HTTPException(status_code=403)


@router.get("/stats")
def stats():  # route: GET /api/admin/stats protected admin.only_admins
    return {}


@nested.delete("/{name}")
def remove(name: str):  # route: DELETE /api/admin/users/{name} protected admin.only_admins
    return {}


router.include_router(nested)
