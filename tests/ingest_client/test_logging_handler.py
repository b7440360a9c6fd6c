"""The bridge from ``logging``."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ingest_client import ClientSettings, PushClient, SkaldlogHandler
from tests.ingest_client.clients import quick_client, quick_settings
from tests.ingest_client.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def client(receiver: Receiver) -> Iterator[PushClient]:
    with quick_client(receiver.url) as client:
        yield client


@pytest.fixture
def logger(client: PushClient) -> logging.Logger:
    logger = logging.Logger("app.model")
    logger.addHandler(SkaldlogHandler(client=client))
    return logger


@pytest.mark.parametrize(
    ("number", "level"),
    [
        (50, "critical"),
        (60, "critical"),
        (40, "error"),
        (30, "warn"),
        (25, "info"),
        (20, "info"),
        (10, "debug"),
        (5, "debug"),
    ],
)
def test_records_arrive_with_level_and_logger(
    logger: logging.Logger, client: PushClient, receiver: Receiver, number: int, level: str
) -> None:
    logger.log(number, "loaded %s", "yolov8s")
    assert client.flush(5)
    assert receiver.lines == ["loaded yolov8s"]
    assert receiver.values[0][2] == {"level": level, "logger": "app.model"}


def test_extras_and_exceptions_become_metadata_and_the_traceback_part_of_the_line(
    logger: logging.Logger, client: PushClient, receiver: Receiver
) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logger.exception("failed", extra={"request_id": 7, "level": "mine", "nothing": None})
    assert client.flush(5)
    assert receiver.lines[0].startswith("failed\nTraceback")
    assert receiver.values[0][2] == {
        "level": "error",
        "logger": "app.model",
        "exception": "ZeroDivisionError",
        "request_id": "7",
    }


def test_the_time_is_the_records_not_the_sendings(
    logger: logging.Logger, client: PushClient, receiver: Receiver
) -> None:
    record = logging.makeLogRecord({"msg": "old", "created": 1_700_000_000.123456, "levelno": 20})
    logger.handle(record)
    assert client.flush(5)
    assert receiver.values[0][0] == "1700000000123456000"


class Unprintable:
    """An extra that fails when written out."""

    def __str__(self) -> str:
        raise RuntimeError("unprintable")


def test_a_record_that_cannot_be_formatted_is_told_on_stderr_and_raises_nothing(
    logger: logging.Logger, client: PushClient, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.info("%d", "not a number")
    logger.info("fine", extra={"bad": Unprintable()})
    logger.info("fine")
    assert client.flush(5)
    assert receiver.lines == ["fine"]
    assert capsys.readouterr().err.count("--- Logging error ---") == 2


def test_a_record_made_while_formatting_one_is_not_shipped(
    logger: logging.Logger, client: PushClient, receiver: Receiver
) -> None:
    class Chatty:
        def __str__(self) -> str:
            logger.warning("asked for my text")
            return "text"

    logger.info("%s", Chatty())
    assert client.flush(5)
    assert receiver.lines == ["text"]


def test_a_record_of_the_sender_thread_is_not_shipped(
    logger: logging.Logger, client: PushClient, receiver: Receiver
) -> None:
    client.call_soon(lambda: logger.error("from the sender"))
    logger.info("from the application")
    assert client.flush(5)
    assert client.flush(5)
    assert receiver.lines == ["from the application"]


def test_a_handler_with_its_own_labels_on_a_shared_client(client: PushClient, receiver: Receiver) -> None:
    handler = SkaldlogHandler({"job": "own"}, client=client, level="WARNING")
    handler.handle(logging.makeLogRecord({"msg": "line", "levelno": 40}))
    handler.close()
    client.push("still open")
    assert client.flush(5)
    assert [labels for labels, _ in receiver.pushes] == [{"job": "own"}, {"job": "test"}]


def test_a_handler_with_its_own_client_delivers_on_close(receiver: Receiver) -> None:
    handler = SkaldlogHandler({"job": "own"}, quick_settings(receiver.url, batch_wait_s=60.0))
    handler.handle(logging.makeLogRecord({"msg": "line", "levelno": 20}))
    handler.close()
    assert receiver.lines == ["line"]


def test_a_handler_takes_a_client_or_settings_but_not_both(client: PushClient) -> None:
    with pytest.raises(ValueError, match="not both"):
        SkaldlogHandler(client=client, settings=ClientSettings())


def test_taskname_and_other_standard_attributes_never_leak(
    logger: logging.Logger, client: PushClient, receiver: Receiver
) -> None:
    attributes = {
        "name": "app",
        "msg": "line",
        "levelno": 20,
        "taskName": "Task-1",
        "asctime": "now",
        "message": "line",
    }
    record = logging.makeLogRecord(attributes)
    logger.handle(record)
    assert client.flush(5)
    assert set(receiver.values[0][2]) == {"level", "logger"}
