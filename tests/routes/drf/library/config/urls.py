from django.urls import include, path
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from library import views
from library.routers import books_router, loans_router, plain

urlpatterns = [
    path("api/", include(books_router.urls)),  # route: GET /api/ protected IsAuthenticated
    path("api/", include(loans_router.urls)),
    path("plain/", include((plain.urls, "plain"))),
    path("token/", TokenObtainPairView.as_view()),  # route: POST /token/ open
    path("token/refresh/", TokenRefreshView.as_view()),  # route: POST /token/refresh/ open
    path("token/old/", obtain_auth_token),  # route: POST /token/old/ open
    path("search/", views.search),
    path("ping/", views.ping),
    path("notes/", views.notes),
    path("shelves/", views.Shelves.as_view()),
    path("shelves/<int:pk>/", views.Shelf.as_view()),
    path("raw/", views.Raw.as_view()),
    path("one/", views.BookSet.as_view({"get": "list", "post": "create"})),
    path("auth/", include("rest_framework.urls")),  # route: GET,POST,PUT /auth/login/ open; POST /auth/logout/ open
]
