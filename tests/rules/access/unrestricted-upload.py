# only: unrestricted-upload
import os
import shutil
from pathlib import Path

from fastapi import APIRouter, UploadFile
from flask import Blueprint, current_app, request
from werkzeug.utils import secure_filename

bp = Blueprint("pictures", __name__)
router = APIRouter()


@bp.post("/pictures")
def upload():
    picture = request.files["picture"]
    picture.save(os.path.join("static/uploads", picture.filename))  # expect: unrestricted-upload, path-traversal/flow
    return "saved"


@bp.post("/pictures/checked")
def upload_checked():
    picture = request.files["picture"]
    if Path(picture.filename).suffix not in {".png", ".jpg"}:
        return "no picture", 415
    picture.save(os.path.join("static/uploads", secure_filename(picture.filename)))
    return "saved"


@router.post("/avatars")
async def avatar(file: UploadFile):
    target = f"public/avatars/{file.filename}"
    with open(target, "wb") as out:  # expect: unrestricted-upload, path-traversal/flow
        shutil.copyfileobj(file.file, out)
    return {"saved": file.filename}


@router.post("/avatars/checked")
async def avatar_checked(file: UploadFile):
    if file.content_type not in ("image/png", "image/jpeg"):
        return {"saved": None}
    with open("public/avatars/latest.png", "wb") as out:
        shutil.copyfileobj(file.file, out)
    return {"saved": file.filename}
