from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session

from .database import get_session
from .models import Project, Task, User

oauth2 = OAuth2PasswordBearer(tokenUrl="login")
SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: str = Depends(oauth2)) -> User:
    user = session.get(User, int(token))
    if not user:
        raise HTTPException(status_code=401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_project(project_id: int, session: SessionDep) -> Project:
    project = session.get(Project, project_id)  # expect: missing-object-permission
    if not project:
        raise HTTPException(status_code=404)
    return project


def get_raw_project(project_id: int, session: SessionDep) -> Project:
    return session.get(Project, project_id)


def get_own_project(user: CurrentUser, project: Project = Depends(get_raw_project)) -> Project:
    if project.owner_id != user.id:
        raise HTTPException(status_code=403)
    return project


OwnProject = Annotated[Project, Depends(get_own_project)]


def get_task(task_id: int, project: OwnProject, session: SessionDep) -> Task:
    task = session.get(Task, task_id)
    if task.project_id != project.id:
        raise HTTPException(status_code=404)
    return task
