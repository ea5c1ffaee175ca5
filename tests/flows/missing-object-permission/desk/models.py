from flask_login import current_user
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Owned:
    owner_id = db.Column(db.Integer, db.ForeignKey("user.id"))

    def is_mine(self):
        return self.owner_id == current_user.id


class Ticket(Owned, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.Text)
