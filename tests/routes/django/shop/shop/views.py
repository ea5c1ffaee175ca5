from unittest import mock

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.contrib.syndication.views import Feed as BaseFeed
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView

from .decorators import customer_only, timed
from .mixins import KnownMixin, OwnerMixin, StaffMixin, TitleMixin

only_posts = require_http_methods(["POST"])


class ItemList(TitleMixin, ListView):  # route: GET /shop/ open
    model = None


class ItemCreate(LoginRequiredMixin, CreateView):  # route: GET,POST,PUT /shop/new/ protected LoginRequiredMixin
    model = None


class ItemDetail(DetailView):
    model = None

    def get(self, request, pk):  # route: GET /shop/<int:pk>/ open
        return HttpResponse()

    def post(self, request, pk):  # route: POST /shop/<int:pk>/ protected user.is_staff
        if not request.user.is_staff:
            return HttpResponse(status=403)
        return HttpResponse()


class ItemUpdate(OwnerMixin, UpdateView):  # route: GET,POST,PUT /shop/<int:pk>/edit/ protected OwnerMixin.dispatch
    model = None


class ItemDelete(PermissionRequiredMixin, DeleteView):  # route: GET,POST,DELETE /shop/<int:pk>/delete/ protected PermissionRequiredMixin
    permission_required = "shop.delete_item"


@csrf_exempt
@require_POST
@login_required
def buy(request):  # route: POST /shop/buy/ protected login_required
    return HttpResponse()


@timed
@require_http_methods(["GET", "POST"])
def cart(request):  # route: GET,POST /shop/cart/ open
    return HttpResponse()


@permission_required("shop.view_order", raise_exception=True)
def orders(request):  # route: ANY /shop/orders/ protected permission_required
    return HttpResponse()


def stats(request):  # route: ANY /shop/stats/ protected staff_member_required
    return HttpResponse()


@method_decorator(customer_only, name="dispatch")
class Front(View):
    def get(self, request):  # route: GET /shop/front/ protected customer_only
        return HttpResponse()


class Feed(BaseFeed):  # route: ANY /shop/feed/ open
    title = "news"


class Checkout(View):
    @method_decorator(login_required)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def get(self, request):  # route: GET /shop/checkout/ protected login_required
        return HttpResponse()

    def post(self, request):  # route: POST /shop/checkout/ protected login_required
        return HttpResponse()

    def helper(self):
        return None


checkout_view = Checkout.as_view()


class Profile(KnownMixin, StaffMixin, View):
    def get(self, request):  # route: GET /shop/profile/ protected KnownMixin.dispatch
        return HttpResponse()


class Posted(View):
    http_method_names = ["post"]

    def get(self, request):
        return HttpResponse()

    @method_decorator(login_required)
    def post(self, request):  # route: POST /shop/posted/ protected login_required
        return HttpResponse()


class Limited(View):
    def get(self, request):  # route: GET /shop/limited/ open
        return HttpResponse()

    def post(self, request):
        return HttpResponse()


@require_GET
def api_items(request):  # route: GET /api/items/ open; GET /api/v2/items/ open
    return JsonResponse({})


@only_posts
@customer_only
def stock(request, pk):  # route: POST /api/stock/<int:pk>/ protected customer_only; POST /api/v2/stock/<int:pk>/ protected customer_only
    return JsonResponse({})


def archive(request, year):  # route: ANY /^archive/(?P<year>[0-9]{4})/$ open
    return HttpResponse()


def late(request):  # route: ANY /late/ protected user.is_authenticated
    if not request.user.is_authenticated:
        return redirect("accounts:login")
    return HttpResponse()


def debug(request):  # route: ANY /debug/ open
    return HttpResponse()


def about(request):  # route: ANY /en-gb/about/ open
    return HttpResponse()


def terms(request):  # route: ANY /terms/ open
    return HttpResponse()


def not_found(request, exception):
    return HttpResponse(status=404)


@login_required
def nobody_links_here(request):
    return HttpResponse()


class Unused(LoginRequiredMixin, View):
    def get(self, request):
        return HttpResponse()


@mock.patch("shop.views.path")
def patched(request):
    return None
