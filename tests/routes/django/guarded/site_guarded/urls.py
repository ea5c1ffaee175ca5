from django.contrib.auth.views import LoginView
from django.urls import include, path

from members import views

urlpatterns = [
    path("", views.home),
    path("landing/", views.landing),
    path("enter/", LoginView.as_view()),  # route: GET,POST,PUT /enter/ open
    path("", include("members.urls")),
]
