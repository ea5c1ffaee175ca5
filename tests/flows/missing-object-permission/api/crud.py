from sqlmodel import Session, select

from .models import Project, Task


def find_task(session: Session, task_id: int) -> Task | None:
    return session.exec(select(Task).where(Task.id == task_id)).first()  # expect: missing-object-permission


def find_task_of(session: Session, task_id: int, user_id: int) -> Task | None:
    query = select(Task).join(Project).where(Task.id == task_id, Project.owner_id == user_id)
    return session.exec(query).first()
