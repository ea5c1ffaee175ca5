from django.urls import path
from rest_framework import routers
from rest_framework.urlpatterns import format_suffix_patterns

from api import views
from api.routers import SlashlessRouter

router = SlashlessRouter()
router.register("cups", views.CupSet)
router.register("mugs", views.MugSet, basename="mug")

urlpatterns = [
    path("hello/", views.Hello.as_view()),
    path("things/", views.Things.as_view()),
    path("teams/", views.Teams.as_view()),
    path("machines/", views.Machines.as_view()),
]
urlpatterns = format_suffix_patterns(urlpatterns)
urlpatterns += router.urls
