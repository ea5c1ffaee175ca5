"""`csrf-exempt`: marked where a view takes requests that other sites make browsers send."""
import hmac

from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from flask import Blueprint
from flask_wtf import CSRFProtect
from rest_framework.decorators import api_view

csrf = CSRFProtect()
account = Blueprint("account", __name__)
api = Blueprint("api", __name__)


@csrf_exempt  # expect: csrf-exempt
def transfer(request):
    request.user.account.transfer(request.POST["to"], request.POST["amount"])


@csrf_exempt
@require_GET
def balance(request):
    return request.user.account.balance


@csrf_exempt
@require_http_methods(["GET", "HEAD"])
def history(request):
    return request.user.account.history


@csrf_exempt
@api_view(["POST"])
def order(request):
    return request.data


@csrf_exempt
def stripe_webhook(request):
    return request.body


@csrf_exempt
def receive(request):
    if not hmac.compare_digest(request.headers["X-Signature"], sign(request.body)):
        raise PermissionError
    return request.body


@method_decorator(csrf_exempt, name="dispatch")  # expect: csrf-exempt
class Profile(View):
    def post(self, request):
        request.user.save()


class Address(View):
    @method_decorator(csrf_exempt)  # expect: csrf-exempt
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def post(self, request):
        request.user.save()


@method_decorator(csrf_exempt, name="dispatch")
class Report(View):
    def get(self, request):
        return request.user.report


@method_decorator(csrf_exempt, name="dispatch")
class PaymentCallback(View):
    def post(self, request):
        return request.POST


class Cart(View):
    def post(self, request):
        request.session["cart"] = request.POST["item"]


def checkout(request):
    return request.POST


def wrapped(view):
    def inner(request):
        return view(request)

    return csrf_exempt(inner), csrf_exempt(view)


urlpatterns = [
    path("cart/", csrf_exempt(Cart.as_view())),  # expect: csrf-exempt
    path("checkout/", csrf_exempt(checkout)),  # expect: csrf-exempt
    path("paid/", csrf_exempt(PaymentCallback.as_view())),
    path("other/", csrf_exempt(load_view())),
]


@csrf.exempt  # expect: csrf-exempt
def change_mail():
    return "done"


csrf.exempt(account)  # expect: csrf-exempt
csrf.exempt(api)
csrf.exempt("shop.views.legacy")
