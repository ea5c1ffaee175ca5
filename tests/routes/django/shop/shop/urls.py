from django.contrib.admin.views.decorators import staff_member_required
from django.urls import path
from django.views.decorators.cache import cache_page

from . import views
from .views import ItemCreate, ItemDetail, ItemList

app_name = "shop"
urlpatterns = [
    path("", ItemList.as_view(), name="list"),
    path("new/", ItemCreate.as_view(), name="create"),
    path("<int:pk>/", ItemDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", views.ItemUpdate.as_view(), name="edit"),
    path("<int:pk>/delete/", views.ItemDelete.as_view(), name="delete"),
    path("buy/", views.buy),
    path("cart/", views.cart),
    path("orders/", views.orders),
    path("stats/", staff_member_required(views.stats)),
    path("front/", cache_page(60)(views.Front.as_view())),
    path("feed/", views.Feed()),
    path("checkout/", views.checkout_view),
    path("profile/", views.Profile.as_view()),
    path("posted/", views.Posted.as_view()),
    path("limited/", views.Limited.as_view(http_method_names=["get"])),
    path("inline/", lambda request: None),  # route: ANY /shop/inline/ open
]
