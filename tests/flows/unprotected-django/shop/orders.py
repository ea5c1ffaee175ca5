from django.urls import path

from . import views

urlpatterns = [
    path("old/", views.Moved.as_view()),
    path("new/", views.NewOrder.as_view()),
    path("<int:pk>/edit/", views.ChangeOrder.as_view()),
    path("<int:pk>/note/", views.note),
    path("<int:pk>/cancel/", views.cancel),
    path("<int:pk>/", views.show),
]
