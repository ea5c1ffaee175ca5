# only: mass-assignment
from django.db import models
from fastapi import APIRouter, Body
from flask import Blueprint, request
from pydantic import BaseModel
from rest_framework.views import APIView
from sqlalchemy.orm import DeclarativeBase

bp = Blueprint("users", __name__)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"


class Account(models.Model):
    name = models.CharField(max_length=80)
    is_admin = models.BooleanField(default=False)


@bp.post("/signup")
def sign_up():
    user = User(**request.get_json())  # expect: mass-assignment
    session.add(user)
    return {"id": user.id}


@bp.post("/signup/named")
def sign_up_named():
    data = request.get_json()
    user = User(name=data["name"], email=data["email"])
    session.add(user)
    return {"id": user.id}


@bp.post("/signup/by-variable")
def sign_up_by_variable():
    data = request.json
    return store(User(**data))  # expect: mass-assignment


# Looked at before, or only some of it.
@bp.post("/signup/checked")
def sign_up_checked():
    data = request.json
    validate(data, SCHEMA)
    return store(User(**data))


@bp.post("/signup/some")
def sign_up_some():
    return store(User(**{key: value for key, value in request.json.items() if key in ALLOWED}))


@bp.patch("/users/<int:n>")
def change(n):
    user = session.get(User, n)
    for key, value in request.get_json().items():
        setattr(user, key, value)  # expect: mass-assignment
    session.commit()
    return {}


@bp.patch("/users/<int:n>/some")
def change_some(n):
    user = session.get(User, n)
    for key, value in request.get_json().items():
        if key in {"name", "email"}:
            setattr(user, key, value)
    session.commit()
    return {}


@bp.patch("/users/<int:n>/all")
def change_all(n):
    user = session.get(User, n)
    user.__dict__.update(request.json)  # expect: mass-assignment
    session.commit()
    return {}


@bp.patch("/settings")
def remember():
    options = {}
    options.update(request.json)
    return options


@bp.patch("/users/<int:n>/query")
def change_by_query(n):
    User.query.filter_by(id=n).update(request.get_json())  # expect: mass-assignment
    return {}


class AccountView(APIView):
    def post(self, request):
        account = Account.objects.create(**request.data)  # expect: mass-assignment
        return account.pk

    def put(self, request, pk):
        Account.objects.filter(pk=pk).update(**request.data)  # expect: mass-assignment


def plain_view(request):
    Account.objects.create(**request.POST.dict())  # expect: mass-assignment


class NewUser(BaseModel):
    name: str
    email: str


# A model of the body has the fields that a client may set.
@router.post("/users")
def create(body: NewUser):
    return store(User(**body.model_dump()))


@router.post("/users/raw")
def create_raw(body: dict = Body()):
    return store(User(**body))  # expect: mass-assignment


@router.patch("/users/{n}")
def change_typed(n: int, body: NewUser):
    user = session.get(User, n)
    for key, value in body.model_dump(exclude_unset=True).items():
        setattr(user, key, value)


# The class has its own fields, and refuses others.
@router.post("/users/parsed")
def create_parsed(body: dict):
    return store(NewUser(**body))
