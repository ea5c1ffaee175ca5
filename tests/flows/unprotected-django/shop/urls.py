from django.contrib import admin
from django.urls import include, path

from . import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("admin/purge/", views.purge),
    path("orders/", include("shop.orders")),
    path("contact/", views.contact),
    path("accounts/", include("django.contrib.auth.urls")),
]
