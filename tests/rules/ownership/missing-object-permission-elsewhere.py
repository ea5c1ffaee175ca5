"""Other frameworks and other libraries: aiohttp, Tornado, Tortoise, peewee and Beanie."""

import peewee
from aiohttp import web
from beanie import Document, Link
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from tortoise import fields
from tortoise.models import Model
from tornado.web import Application, RequestHandler, authenticated

api = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")
sessions = {}


class User(Model):
    id = fields.IntField(primary_key=True)


class Note(Model):
    id = fields.IntField(primary_key=True)
    user = fields.ForeignKeyField("models.User")


class Trip(peewee.Model):
    driver = peewee.TextField()
    owner = peewee.ForeignKeyField(User)


class Photo(Document):
    owner: Link[User]


async def current_user(token: str = Depends(oauth2)) -> User:
    user = await User.get_or_none(id=int(token))
    if user is None:
        raise HTTPException(status_code=401)
    return user


@api.get("/notes/{note_id}")
async def show_note(note_id: int, user: User = Depends(current_user)):
    return await Note.get(id=note_id)  # expect: missing-object-permission


@api.get("/my/notes/{note_id}")
async def show_own_note(note_id: int, user: User = Depends(current_user)):
    return await Note.get(id=note_id, user=user)


@api.delete("/trips/{trip_id}")
def delete_trip(trip_id: int, user: User = Depends(current_user)):
    Trip.get_by_id(trip_id).delete_instance()  # expect: missing-object-permission


@api.delete("/my/trips/{trip_id}")
def delete_own_trip(trip_id: int, user: User = Depends(current_user)):
    trip = Trip.get_or_none(Trip.id == trip_id, Trip.owner == user)
    trip.delete_instance()


@api.get("/photos/{photo_id}")
async def show_photo(photo_id: str, user: User = Depends(current_user)):
    return await Photo.get(photo_id)  # expect: missing-object-permission


@api.get("/my/photos/{photo_id}")
async def show_own_photo(photo_id: str, user: User = Depends(current_user)):
    photo = await Photo.get(photo_id, fetch_links=True)
    if photo.owner.id != user.id:
        raise HTTPException(status_code=404)
    return photo


# Who is logged in stands in a dictionary of sessions.
@api.get("/sessions/notes/{note_id}")
async def show_note_of_session(note_id: int, sid: str):
    user = sessions.get(sid)
    if not user:
        raise HTTPException(status_code=401)
    note = await Note.get(id=note_id)
    if note.user_id != user:
        raise HTTPException(status_code=404)
    return note


async def show_trip(request):
    if request.get("user") is None:
        raise web.HTTPUnauthorized()
    trip = Trip.get_by_id(request.match_info["trip_id"])  # expect: missing-object-permission
    return web.json_response({"driver": trip.driver})


async def show_own_trip(request):
    if request.get("user") is None:
        raise web.HTTPUnauthorized()
    trip = Trip.get_by_id(request.match_info["trip_id"])
    if trip.owner_id != request["user"].id:
        raise web.HTTPForbidden()
    return web.json_response({"driver": trip.driver})


app = web.Application()
app.add_routes([web.get("/trips/{trip_id}", show_trip), web.get("/my/trips/{trip_id}", show_own_trip)])


class TripHandler(RequestHandler):
    @authenticated
    def get(self, trip_id):
        self.write({"id": Trip.get_by_id(trip_id).id})  # expect: missing-object-permission


class OwnTripHandler(RequestHandler):
    @authenticated
    def get(self, trip_id):
        trip = Trip.get_by_id(trip_id)
        if trip.owner_id != self.current_user.id:
            return self.send_error(403)
        self.write({"id": trip.id})


application = Application([(r"/trips/(\d+)", TripHandler), (r"/my/trips/(\d+)", OwnTripHandler)])
