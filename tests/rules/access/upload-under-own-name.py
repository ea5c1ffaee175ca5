# only: upload-under-own-name
import os
import uuid

from django.core.files.storage import default_storage
from flask import Blueprint, current_app, request

bp = Blueprint("letters", __name__)


@bp.post("/letters")
def upload():
    letter = request.files["letter"]
    path = os.path.join(current_app.config["LETTERS"], letter.filename)
    letter.save(path)  # expect: upload-under-own-name, path-traversal/flow
    return "saved"


@bp.post("/letters/named")
def upload_named():
    letter = request.files["letter"]
    letter.save(os.path.join(current_app.config["LETTERS"], f"{uuid.uuid4()}.bin"))
    return "saved"


def django_upload(request):
    letter = request.FILES["letter"]
    default_storage.save(letter.name, letter)  # expect: upload-under-own-name
