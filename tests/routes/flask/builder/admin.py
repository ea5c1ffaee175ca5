from flask import abort
from flask_admin import BaseView, expose
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user


class Reports(BaseView):
    @expose("/")
    def index(self):  # route: GET /admin/reports/ open
        return "reports"

    @expose("/one", methods=("GET", "POST"))
    def one(self):  # route: GET,POST /admin/reports/one open
        return "one"


class Restricted:
    def is_accessible(self):
        return current_user.is_authenticated


class Secured(Restricted, ModelView):  # route: GET /admin/orders/ protected is_accessible; GET,POST /admin/orders/new/ protected is_accessible; GET,POST /admin/orders/edit/ protected is_accessible; GET /admin/orders/details/ protected is_accessible; POST /admin/orders/delete/ protected is_accessible; POST /admin/orders/action/ protected is_accessible; GET /admin/orders/export/<export_type>/ protected is_accessible; GET /admin/orders/ajax/lookup/ protected is_accessible; POST /admin/orders/ajax/update/ protected is_accessible
    pass
