"""The database: schema, versions, transactions and moments, the same on both kinds."""

from __future__ import annotations

import ast
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

import tracker
from tracker import db
from tracker.clock import SHANGHAI
from tracker.errors import DatabaseError
from tracker.tables import METADATA

MOMENT = datetime(2020, 12, 20, 23, 59, 59, 999999, tzinfo=SHANGHAI)


def new_subject(name: str, **more: object) -> sa.Insert:
    subjects = METADATA.tables["subjects"]
    values = {"sort": "body", "kind": "unit", "code": "", "distinguisher": ""} | more
    return sa.insert(subjects).values(name=name, recorded_at=MOMENT, **values)


def names(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT name FROM subjects ORDER BY id")).scalars())


def test_the_migrated_schema_is_the_models_schema(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_table_that_no_revision_made_is_noticed(engine: sa.Engine) -> None:
    grown = sa.MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(grown)
    sa.Table("forgotten", grown, sa.Column("id", sa.Integer, primary_key=True))
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), grown)
    assert [(change[0], change[1].name) for change in found] == [("add_table", "forgotten")]


def test_every_module_with_tables_is_known_to_the_migrations() -> None:
    root = Path(tracker.__file__).parent
    known = (root / "tables.py").read_text(encoding="utf-8")
    forgotten = [
        module
        for path in root.rglob("*.py")
        if _declares_a_table(path)
        and (module := ".".join(path.relative_to(root.parent).with_suffix("").parts)) not in known
    ]
    assert forgotten == []


def _declares_a_table(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return any(keyword.arg == "table" for node in classes for keyword in node.keywords)


def test_an_empty_database_is_not_ready_until_it_is_upgraded(empty_engine: sa.Engine) -> None:
    with pytest.raises(DatabaseError, match="数据库尚未建立") as refusal:
        db.check_ready(empty_engine)
    assert "tracker init" in refusal.value.fix
    db.upgrade(empty_engine)
    db.check_ready(empty_engine)


def test_upgrading_again_changes_nothing(engine: sa.Engine) -> None:
    with db.transaction(engine) as connection:
        connection.execute(new_subject("县住建局"))
    before = db.schema_version(engine)
    db.upgrade(engine)
    assert (db.schema_version(engine), names(engine)) == (before, ["县住建局"])


def test_a_database_of_a_newer_program_is_refused_and_left_alone(empty_engine: sa.Engine) -> None:
    with db.transaction(empty_engine) as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")
    for act in (db.upgrade, db.check_ready, db.check_not_newer):
        with pytest.raises(DatabaseError, match=r"（9999）比本程序新，未作任何改动") as refusal:
            act(empty_engine)
        assert "请升级程序" in refusal.value.fix
    assert sa.inspect(empty_engine).get_table_names() == ["alembic_version"]
    assert db.schema_version(empty_engine) == "9999"


def test_upgrading_leaves_references_checked(empty_engine: sa.Engine) -> None:
    db.upgrade(empty_engine)
    with pytest.raises(sa.exc.IntegrityError), db.transaction(empty_engine) as connection:
        connection.execute(new_subject("县住建局", home_id=404))
    assert names(empty_engine) == []


def test_an_error_rolls_the_whole_transaction_back(engine: sa.Engine) -> None:
    def fail_midway() -> None:
        with db.transaction(engine) as connection:
            connection.execute(new_subject("县住建局"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert names(engine) == []


def test_a_second_writer_sees_what_the_first_has_written(engine: sa.Engine) -> None:
    first_is_in, order = threading.Event(), []

    def second() -> None:
        assert first_is_in.wait(10)
        with db.transaction(engine) as connection:
            order.append(connection.execute(sa.text("SELECT count(*) FROM subjects")).scalar())
            connection.execute(new_subject("县交通局"))

    thread = threading.Thread(target=second)
    thread.start()
    with db.transaction(engine) as connection:
        first_is_in.set()
        thread.join(0.2)
        order.append("first still in")
        connection.execute(new_subject("县住建局"))
    thread.join(10)
    assert order == ["first still in", 1]
    assert names(engine) == ["县住建局", "县交通局"]


def test_a_moment_comes_back_as_it_was_given(engine: sa.Engine) -> None:
    with db.transaction(engine) as connection:
        connection.execute(new_subject("县住建局"))
        connection.execute(new_subject("县交通局", code="1"))
        subjects = METADATA.tables["subjects"]
        found = connection.execute(sa.select(subjects.c.recorded_at)).scalars().all()
    assert found == [MOMENT, MOMENT]
    assert {moment.utcoffset() for moment in found} == {MOMENT.utcoffset()}


LATER_THAN_LOCAL_MEAN_TIME = datetime(1992, 1, 1)  # noqa: DTZ001 (hypothesis adds the zone)


@given(st.datetimes(min_value=LATER_THAN_LOCAL_MEAN_TIME, timezones=st.timezones()))
def test_any_zone_names_the_same_moment(moment: datetime) -> None:
    column, dialect = db.Instant(), sa.create_engine("sqlite://").dialect
    stored = column.process_bind_param(moment, dialect)
    assert stored == moment.astimezone(UTC).replace(tzinfo=None)
    assert column.process_result_value(stored, dialect) == moment.astimezone(UTC)


def test_no_moment_stays_no_moment(sqlite_engine: sa.Engine) -> None:
    column = db.Instant()
    assert column.process_bind_param(None, sqlite_engine.dialect) is None
    assert column.process_result_value(None, sqlite_engine.dialect) is None


def test_an_embedded_database_gets_its_folder_and_its_pragmas(tmp_path: Path) -> None:
    engine = db.open_engine(f"sqlite:///{tmp_path / 'new' / 'home' / 'luze.sqlite3'}")
    with engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert pragmas == ["wal", 1, 30000]


def test_a_file_that_is_no_database_is_refused_with_one_message(tmp_path: Path) -> None:
    path = tmp_path / "luze.sqlite3"
    path.write_bytes(b"this is a letter, not a database " * 10)
    with pytest.raises(DatabaseError, match="不是数据库"):
        db.check_ready(db.open_engine(f"sqlite:///{path}"))
    assert path.read_bytes().startswith(b"this is a letter")


HISTORY = (
    "audit", "findings", "notices", "notice_events", "interviews", "interview_events",
    "interview_grounds", "incidents", "objections", "objection_events", "waivers",
    "waiver_events", "rulings", "clause_texts", "nominations", "nomination_events", "snapshots",
    "outbox", "pull_cursors", "score_events", "exit_decisions",
)  # fmt: skip


def test_every_table_of_events_is_history() -> None:
    events = {name for name in METADATA.tables if name.endswith("_events")}
    assert events <= set(HISTORY)


@pytest.mark.parametrize("statement", ["UPDATE audit SET act = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_rewrite_history(engine: sa.Engine, statement: str) -> None:
    audit = METADATA.tables["audit"]
    row = {"recorded_at": MOMENT, "operator": "o", "act": "a", "detail": {}, "digest": "d"}
    with engine.begin() as connection:
        connection.execute(audit.insert(), row)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="only added"):
        connection.execute(sa.text(statement))
    with engine.connect() as connection:
        assert connection.execute(sa.select(audit.c.act)).scalars().all() == ["a"]


def test_sqlite_does_not_rewrite_history_by_replacing_a_row(sqlite_engine: sa.Engine) -> None:
    """REPLACE deletes without firing the guards unless `recursive_triggers` is on."""
    audit = METADATA.tables["audit"]
    row = {"id": 1, "recorded_at": MOMENT, "operator": "o", "act": "a", "detail": {}, "digest": ""}
    again = audit.insert().prefix_with("OR REPLACE")
    with sqlite_engine.begin() as connection:
        connection.execute(audit.insert(), row)
    with (
        sqlite_engine.connect() as connection,
        pytest.raises(sa.exc.DBAPIError, match="only added"),
    ):
        connection.execute(again, {**row, "act": "x"})
    with sqlite_engine.connect() as connection:
        assert connection.execute(sa.select(audit.c.act)).scalars().all() == ["a"]


def test_every_history_table_is_guarded(engine: sa.Engine) -> None:
    on_sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    on_server = "SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass)"
    statement = sa.text(
        on_sqlite if engine.dialect.name == "sqlite" else f"{on_server} AND NOT tgisinternal"
    )
    with engine.connect() as connection:
        guards = {n: connection.execute(statement, {"name": n}).scalar_one() for n in HISTORY}
    assert guards == dict.fromkeys(HISTORY, 2)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://luze:s3cr@et@db/luze",  # the host would be et@db
        "postgresql://luze:s3cret@db:54x2/luze",
        "postgresql://luze:s3cret@db:/luze:x",
    ],
)
def test_a_mistaken_address_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        db.open_engine(url)
    assert "%40" in refused.value.fix
    told = "".join(traceback.format_exception(refused.value))
    assert "s3cr" not in told
    assert "et@" not in told


def test_a_refused_statement_does_not_tell_what_it_was_given(sqlite_engine: sa.Engine) -> None:
    with (
        pytest.raises(sa.exc.IntegrityError) as refused,
        db.transaction(sqlite_engine) as connection,
    ):
        connection.execute(
            sa.text("INSERT INTO outbox (key, subject) VALUES (:key, NULL)"), {"key": "赵甲子"}
        )
    assert "赵甲子" not in "".join(traceback.format_exception(refused.value))
