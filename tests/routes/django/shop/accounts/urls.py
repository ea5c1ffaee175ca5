from django.urls import path

from . import views

urlpatterns = []
urlpatterns.append(path("enter/", views.login))
urlpatterns.extend([
    path("me/", views.me),
    path("public/<str:username>/", views.public),
])
