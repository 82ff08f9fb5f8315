"""The one MetaData, the column type for instants, and the columns that several tables share."""

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Dialect, Integer, MetaData, Time
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in time: refuses a naive value, stores UTC, gives back an aware UTC datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: SQLite keeps no zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        if value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def weekly_hours(starts: str, ends: str) -> tuple[Column[object] | CheckConstraint, ...]:
    """The columns of a stretch of local time on one weekday, 0 is Monday."""
    return (
        Column("weekday", Integer, nullable=False),
        Column(starts, Time, nullable=False),
        Column(ends, Time, nullable=False),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(f"{starts} < {ends}", name="order"),
    )


def hours_of_a_day(starts: str, ends: str) -> tuple[Column[object] | CheckConstraint, ...]:
    """The columns of a stretch of local time on one date; without times the whole day is off."""
    return (
        Column("day", Date, nullable=False),
        Column(starts, Time),
        Column(ends, Time),
        CheckConstraint(f"({starts} IS NULL) = ({ends} IS NULL)", name="both"),
        CheckConstraint(f"{starts} < {ends}", name="order"),
    )
