# only: unprotected-route
from flask import Blueprint, Flask, abort, request
from flask_login import current_user, login_required

orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.post("/")
@login_required
def place():
    return store(request.get_json())


@orders.put("/<int:n>")
@login_required
def change(n):
    return update(n, request.get_json())


@orders.delete("/<int:n>")
def drop(n):  # expect: unprotected-route
    return erase(n)


# Its own check is as good as a decorator.
@orders.post("/<int:n>/refund")
def refund(n):
    if not current_user.is_authenticated:
        abort(401)
    return pay_back(n)


# What only reads is often for everybody.
@orders.get("/<int:n>/label")
def label(n):
    return render(n)


# A shop takes these from everybody, and whoever has the link may use it.
@orders.post("/search")
def search():
    return find(request.get_json())


@orders.post("/<int:n>/confirm/<token>")
def confirm(n, token):
    return accept(n, token)


# Most of these are open: the protected one is the exception.
comments = Blueprint("comments", __name__, url_prefix="/comments")


@comments.post("/")
def comment():
    return store(request.get_json())


@comments.post("/<int:n>/like")
def like(n):
    return count(n)


@comments.delete("/<int:n>")
@login_required
def remove(n):
    return erase(n)


# The path says that it is not for everybody, wherever the prefix comes from.
tools = Blueprint("tools", __name__)


@tools.post("/reindex")
def reindex():  # expect: unprotected-route
    return build()


@tools.get("/health")
def health():
    return "ok"


@tools.post("/webhook/payments")
def paid():
    return book(request.data)


# A signature in the code is a proof of its own.
@tools.post("/deliveries")
def delivered():
    if not signature_is_valid(request.headers["X-Signature"], request.data):
        return "", 400
    return book(request.data)


def sweep():  # expect: unprotected-route
    return clear()


office = Blueprint("office", __name__, url_prefix="/admin")


@office.before_request
def only_staff():
    if not current_user.is_staff:
        abort(403)


@office.post("/salaries")
def salaries():
    return pay()


app = Flask(__name__)
app.register_blueprint(orders)
app.register_blueprint(comments)
app.register_blueprint(tools, url_prefix="/internal")
app.register_blueprint(office)
app.add_url_rule("/admin/sweep", view_func=sweep, methods=["POST"])


@app.get("/secured-by-design")
def about():
    return render_page("about")


@app.post("/admin/login")
def login():
    return check(request.form["name"], request.form["password"])


# An administration without a check of its own: every model may be edited.
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView

Admin(app).add_view(ModelView(Order, session))  # expect: unprotected-route

portal = Flask("portal")


@portal.post("/notes")
@login_required
def note():
    return store(request.get_json())


@portal.put("/notes/<int:n>")
@login_required
def rewrite(n):
    return update(n, request.get_json())


@portal.delete("/notes/<int:n>")
@login_required
def tear(n):
    return erase(n)


@portal.get("/files/<int:n>")
@login_required
def file(n):
    return render(n)


# Nothing is answered here, but where to go.
@portal.get("/admin")
def administration():
    return redirect("/admin/")


@portal.post("/old/<int:n>/pay")
def old(n):
    log("old address")
    raise Gone("use /v2")


# It refuses, whatever it asks.
@portal.post("/form")
def form():
    try:
        source = sources[request.form["source"]]
    except KeyError:
        return "", 403
    return store(source, request.form)


@portal.get("/private-lessons/<int:n>")
def lesson(n):
    return render(n)


# Whoever is known may list users; others may not, although this only reads.
directory = Flask("directory")


@directory.get("/rooms")
@login_required
def rooms():
    return listing()


@directory.get("/rooms/<int:n>")
@login_required
def room(n):
    return render(n)


@directory.get("/files/<int:n>/pages")
@login_required
def pages(n):
    return render(n)


@directory.get("/users")
def users():  # expect: unprotected-route
    return everybody()


@directory.get("/users/<name>")
def person(name):
    return somebody(name)


@directory.get("/metrics")
def metrics():  # expect: unprotected-route
    return numbers()


# What lets people in when they are invited is no matter of theirs to write.
@app.post("/admin/invite")
def invite():  # expect: unprotected-route
    return send(request.form["address"])


@app.post("/invite/<int:n>/accept")
def accept(n):
    return welcome(n)


# A search keeps nothing, but what is deleted is gone.
journal = Blueprint("journal", __name__, url_prefix="/journal")


@journal.post("/pages")
@login_required
def page():
    return store(request.get_json())


@journal.put("/pages/<int:n>")
@login_required
def turn(n):
    return update(n, request.get_json())


@journal.post("/pages/search")
def look_up():
    return find(request.get_json())


@journal.delete("/pages/query/<int:n>")
def forget(n):  # expect: unprotected-route
    return erase(n)


app.register_blueprint(journal)
