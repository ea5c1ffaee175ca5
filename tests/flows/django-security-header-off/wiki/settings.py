INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions"]
ROOT_URLCONF = "shop.urls"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SECURE_REFERRER_POLICY = ["same-origin", "unsafe-url"]  # expect: django-security-header-off
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
