from dataclasses import dataclass
from enum import Enum
from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import BaseModel
from typing_extensions import TypedDict


class Base(BaseModel):
    pass


class Item(Base):
    name: str


class Color(str, Enum):
    RED = "red"


class Options(TypedDict):
    deep: bool


@dataclass
class Point:
    x: int


Number = Annotated[int, Path(ge=1)]
Agent = Annotated[str, Header(alias="user-agent")]
Search = Annotated[str | None, Query(max_length=50)]
Key = UUID
