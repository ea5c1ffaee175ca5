SECRET_KEY = "not-a-secret-of-anybody"
ROOT_URLCONF = "site_guarded.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.middleware.TimingMiddleware",
    "members.middleware.StaffAreaMiddleware",
    "members.middleware.TokenMiddleware",
]
