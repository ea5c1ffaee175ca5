from flask_appbuilder import BaseView, ModelRestApi, ModelView, expose, has_access
from flask_appbuilder.api import protect
from flask_appbuilder.models.sqla.interface import SQLAInterface

from models import Order


class Contacts(ModelView):  # route: GET /contacts/list/ protected ModelView; GET /contacts/show/<pk> protected ModelView
    datamodel = SQLAInterface(Order)
    include_route_methods = {"list", "show", "card"}

    @expose("/card/<pk>")
    @has_access
    def card(self, pk):  # route: GET /contacts/card/<pk> protected has_access
        return pk

    @expose("/hidden")
    def hidden(self):
        return "not among the methods that are registered"


class Base(BaseView):
    @expose("/shared", methods=["POST"])
    def shared(self):  # route: POST /open/shared open
        return "shared"


class Public(Base):
    route_base = "/open"

    @expose("/<name>")
    def index(self, name):  # route: GET /open/<name> open
        return name


class Groups(ModelRestApi):  # route: GET /api/v2/group/_info protected ModelRestApi; GET /api/v2/group/<int:pk> protected ModelRestApi; GET /api/v2/group/ protected ModelRestApi; POST /api/v2/group/ protected ModelRestApi; PUT /api/v2/group/<pk> protected ModelRestApi; DELETE /api/v2/group/<pk> protected ModelRestApi
    datamodel = SQLAInterface(Order)
    resource_name = "group"
    version = "v2"

    @expose("/extra", methods=["GET"])
    @protect()
    def extra(self):  # route: GET /api/v2/group/extra protected protect
        return {}


class Never(BaseView):
    @expose("/never")
    def never(self):
        return "never added"
