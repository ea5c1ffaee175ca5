from datetime import date
from typing import Annotated, Any, List, Literal, Optional, Union

from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Query,
    Request,
    Response,
    UploadFile,
    WebSocket,
)
from pydantic import EmailStr, PositiveInt

from models import Agent, Color, Item, Key, Number, Options, Point, Search

app = FastAPI()
router = APIRouter(prefix="/teams/{team}")


def session():
    return 1


@router.get("/members/{member}")
def member(team: int, member: str, other: str = ""):  # route: GET /org/{org}/teams/{team}/members/{member} open
    # inputs: team=path#, member=path, other=query
    return {}


@router.get("/late")
def late(org, team: Key):  # route: GET /org/{org}/teams/{team}/late open
    # inputs: org=path, team=path#
    return {}


@app.post("/scalars/{number}")
def scalars(  # route: POST /scalars/{number} open
    # inputs: number=path#, text=query, any_=query, untyped=query, flag=query#, color=query#, choice=query#, day=query#, mail=query, positive=query#, maybe=query#, either=query, search=query, quoted=query#
    number: Number,
    text: str,
    any_: Any,
    untyped,
    flag: bool,
    color: Color,
    choice: Literal["a", "b"],
    day: Optional[date],
    mail: EmailStr,
    positive: PositiveInt,
    maybe: int | None = None,
    either: Union[int, str] = 1,
    search: Search = None,
    quoted: "int" = 1,
):
    return {}


@app.post("/bodies")
def bodies(  # route: POST /bodies open
    # inputs: item=body, items=body, point=body, options=body, table=body, names=body, numbers=body#, maybe=body, embedded=body
    item: Item,
    items: List[Item],
    point: Point,
    options: Options,
    table: dict,
    names: list[str],
    numbers: list[int],
    maybe: Optional[Item] = None,
    embedded: str = Body(...),
):
    return {}


@app.post("/marked")
def marked(  # route: POST /marked open
    # inputs: agent=header, cookie=cookie, tags=query, ids=query#, x_token=header#, request=request, db=dependency
    agent: Agent,
    cookie: Annotated[str, Cookie()],
    tags: Annotated[list[str], Query()],
    ids: List[int] = Query([]),
    x_token: int = Header(),
    request: Request = None,
    response: Response = None,
    tasks: BackgroundTasks = None,
    db=Depends(session),
):
    return {}


@app.post("/forms")
def forms(  # route: POST /forms open
    # inputs: name=form, data=file, upload=file, uploads=file, maybe=file
    name: Annotated[str, Form()],
    data: bytes = File(...),
    upload: UploadFile = None,
    uploads: list[UploadFile] = [],
    maybe: UploadFile | None = None,
):
    return {}


@app.websocket("/ws/{room}")
async def ws(socket: WebSocket, room: int, token: str = Query()):  # route: WEBSOCKET /ws/{room} open
    # inputs: socket=request, room=path#, token=query
    await socket.accept()


app.include_router(router, prefix="/org/{org}")
