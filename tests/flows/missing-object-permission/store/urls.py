from django.urls import include, path
from rest_framework.routers import DefaultRouter

from . import views

router = DefaultRouter()
router.register("guarded", views.GuardedOrders, basename="guarded")
router.register("orders", views.Orders)

urlpatterns = [
    path("contracts/<int:pk>/", views.contract),
    path("orders/<int:pk>/", views.order),
    path("my/orders/<int:pk>/", views.own_order),
    path("invoices/<int:pk>/", views.invoice),
    path("products/<int:pk>/", views.product),
    path("class/my/orders/<int:pk>/", views.OwnOrderView.as_view()),
    path("class/my/orders/<int:pk>/edit/", views.OwnOrderUpdate.as_view()),
    path("class/orders/<int:pk>/", views.OrderView.as_view()),
    path("api/", include(router.urls)),
]
