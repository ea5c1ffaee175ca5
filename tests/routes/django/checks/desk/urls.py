from django.urls import path

from . import views

urlpatterns = [
    path("jobs/<int:pk>/run/", views.RunJob.as_view()),
    path("tools/", views.Tools.as_view()),
    path("profile/", views.Profile.as_view()),
    path("teams/<int:pk>/", views.Teams.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("roles/", views.Roles.as_view()),
]
