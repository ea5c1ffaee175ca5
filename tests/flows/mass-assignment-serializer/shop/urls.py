from rest_framework.routers import DefaultRouter

from . import views

router = DefaultRouter()
router.register("customers", views.CustomerViewSet)
router.register("wallets", views.WalletViewSet)
router.register("tags", views.TagViewSet)
router.register("notes", views.NoteViewSet)
router.register("reports", views.ReportViewSet)

urlpatterns = router.urls
