from django.urls import path

from .views import Landing, api, landing, members

urlpatterns = [
    path("members/", members),
    path("members/landing/", Landing.as_view()),
    path("members/api/", api),
    path("staff/pages/", landing),
]
