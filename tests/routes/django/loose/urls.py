from django.conf.urls import include, url

from blog.views import PostView, index

urlpatterns = [
    url(r"^$", index),
    url(r"^blog/", include("blog.urls")),
    url(r"^posts/(?P<slug>[\w-]+)/$", PostView.as_view()),
    url(regex=r"^ext/", view=include("somewhere.urls")),  # route: ANY /^ext/… open
]
