from flask import Flask, abort, jsonify
from flask.views import MethodView

from .guards import signed_in, with_ticket
from .models import Ticket, db

app = Flask(__name__)


@app.get("/tickets/<int:ticket_id>")
@signed_in
def ticket(ticket_id):
    return jsonify(text=Ticket.query.get_or_404(ticket_id).text)  # expect: missing-object-permission


@app.get("/my/tickets/<int:ticket_id>")
@signed_in
@with_ticket
def own_ticket(ticket_id):
    return jsonify(text=Ticket.query.get_or_404(ticket_id).text)


class TicketView(MethodView):
    decorators = [signed_in]

    def delete(self, ticket_id):
        db.session.delete(Ticket.query.get(ticket_id))  # expect: missing-object-permission
        return "", 204

    def put(self, ticket_id):
        found = Ticket.query.get(ticket_id)
        if not found.is_mine():
            abort(403)
        return jsonify(text=found.text)


app.add_url_rule("/desk/<int:ticket_id>", view_func=TicketView.as_view("ticket"))
