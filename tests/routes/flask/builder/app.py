from flask import Flask
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView as AdminModelView
from flask_appbuilder import AppBuilder

from admin import Reports, Secured
from models import Order, db
from views import Contacts, Groups, Public

app = Flask(__name__)
app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI="sqlite://")
db.init_app(app)


def add_views():
    appbuilder = AppBuilder(app, db.session)
    appbuilder.add_view(Contacts, "Contacts")
    appbuilder.add_view_no_menu(Public())
    appbuilder.add_api(Groups)


with app.app_context():
    add_views()


class Home(AdminIndexView):
    @expose("/")
    def index(self):  # route: GET /admin/ open
        return "home"


admin = Admin(app, index_view=Home())
admin.add_view(Reports(name="Reports"))
admin.add_view(Secured(Order, db.session, url="orders"))
admin.add_view(AdminModelView(Order, db.session, endpoint="raw"))  # route: GET /admin/raw/ open; GET,POST /admin/raw/new/ open; GET,POST /admin/raw/edit/ open; GET /admin/raw/details/ open; POST /admin/raw/delete/ open; POST /admin/raw/action/ open; GET /admin/raw/export/<export_type>/ open; GET /admin/raw/ajax/lookup/ open; POST /admin/raw/ajax/update/ open
