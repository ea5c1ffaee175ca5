from django.contrib.auth.decorators import login_required
from django.urls import path

from .views import ReportView, export


def guarded(decorator, patterns):
    for pattern in patterns:
        pattern.callback = decorator(pattern.callback)
    return patterns


urlpatterns = [
    path("export/", export),
    path("", ReportView.as_view()),
]
urlpatterns = guarded(login_required, urlpatterns)
urlpatterns += [path("open/", export)]
