from functools import wraps

from flask import abort, g

from .models import Ticket


def signed_in(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        if g.user is None:
            abort(401)
        return view(*args, **kwargs)

    return wrapper


def with_ticket(view):
    @wraps(view)
    def wrapper(ticket_id, **kwargs):
        ticket = Ticket.query.get_or_404(ticket_id)
        if ticket.owner_id != g.user.id:
            abort(403)
        return view(ticket_id=ticket_id, **kwargs)

    return wrapper
