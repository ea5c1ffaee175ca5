from fastapi import APIRouter, Depends

from . import crud
from .deps import CurrentUser, OwnProject, SessionDep, get_current_user, get_project, get_task
from .models import Project, Task

router = APIRouter(dependencies=[Depends(get_current_user)])


@router.get("/projects/{project_id}")
def show_project(project: Project = Depends(get_project)):
    return project


@router.get("/my/projects/{project_id}")
def show_own_project(project: OwnProject):
    return project


# A dependency of a dependency asks.
@router.get("/my/projects/{project_id}/tasks/{task_id}")
def show_own_task(task: Task = Depends(get_task)):
    return task


@router.get("/tasks/{task_id}")
def show_task(task_id: int, session: SessionDep):
    return crud.find_task(session, task_id)


@router.get("/my/tasks/{task_id}")
def show_task_of_user(task_id: int, session: SessionDep, user: CurrentUser):
    return crud.find_task_of(session, task_id, user.id)


@router.delete("/tasks/{task_id}")
def delete_task(task_id: int, session: SessionDep, user: CurrentUser):
    task = session.get(Task, task_id)  # expect: missing-object-permission
    session.delete(task)
    session.commit()
