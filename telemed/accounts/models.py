"""The account tables as the classes Flask-Security works with."""

from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import DeclarativeBase, relationship

from scheduling.tables import metadata
from telemed.accounts import tables


class Model(DeclarativeBase):
    """Classes over the one MetaData."""

    metadata = metadata


class Role(Model, RoleMixin):
    """A role as Flask-Security sees it."""

    __table__ = tables.role


class User(Model, UserMixin):
    """A member of staff as Flask-Security sees them."""

    __table__ = tables.account
    if TYPE_CHECKING:
        tf_last_counter: int
    roles = relationship(Role, secondary=tables.account_role)
