# only: login-without-rate-limit
from fastapi import APIRouter, Depends
from flask import Blueprint, request
from flask_limiter import Limiter

bp = Blueprint("auth", __name__)
router = APIRouter()
limiter = Limiter(key_func=lambda: request.remote_addr)


@bp.post("/login")
def login():  # expect: login-without-rate-limit
    return enter(request.form["name"], request.form["password"])


@bp.post("/staff/login")
@limiter.limit("5 per minute")
def staff_login():
    return enter(request.form["name"], request.form["password"])


@router.post("/login/access-token")
def access_token(name: str, password: str):  # expect: login-without-rate-limit
    return token_for(name, password)


@router.post("/token", dependencies=[Depends(throttle)])
def token(name: str, password: str):
    return token_for(name, password)


@bp.post("/logout")
def logout():
    return leave()


@bp.get("/login")
def login_form():
    return page("login")
