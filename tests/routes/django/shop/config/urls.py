from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

import reports.urls
from accounts import urls as account_urls
from shop import views

api_patterns = [
    path("items/", views.api_items),
    path("stock/<int:pk>/", views.stock),
]
more = [re_path(r"^archive/(?P<year>[0-9]{4})/$", views.archive)]
more.append(path("late/", views.late))

urlpatterns = [
    path("admin/", admin.site.urls),  # route: ANY /admin/ protected admin.site
    path("", TemplateView.as_view(template_name="home.html")),  # route: GET / open
    path("shop/", include("shop.urls")),
    path("accounts/", include((account_urls, "accounts"), namespace="accounts")),
    path("accounts/", include("django.contrib.auth.urls")),  # route: GET,POST,PUT /accounts/login/ open; POST /accounts/logout/ open; GET,POST,PUT /accounts/password_change/ protected django.contrib.auth.urls; GET /accounts/password_change/done/ protected django.contrib.auth.urls; GET,POST,PUT /accounts/password_reset/ open; GET /accounts/password_reset/done/ open; GET,POST,PUT /accounts/reset/<uidb64>/<token>/ open; GET /accounts/reset/done/ open
    path("api/", include(api_patterns)),
    path("api/v2/", include((api_patterns, "api"))),
    path("reports/", include(reports.urls)),
    path("sign-in/", LoginView.as_view()),  # route: GET,POST,PUT /sign-in/ open
    path("old/", login_required(RedirectView.as_view(url="/shop/"))),  # route: GET,POST,PUT,PATCH,DELETE /old/ protected login_required
] + more

if settings.DEBUG:
    urlpatterns += [path("debug/", views.debug)]

urlpatterns += i18n_patterns(path("about/", views.about))
urlpatterns += i18n_patterns(path("terms/", views.terms), prefix_default_language=False)
urlpatterns += static(settings.STATIC_URL, document_root="static")

handler404 = "shop.views.not_found"
