from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    email: str


class Project(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    name: str


class Task(SQLModel, table=True):
    id: int = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    text: str
