from __future__ import annotations

import base64
import hashlib
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts.errors import Permanent, ProviderFailure
from contracts.settings import Settings
from contracts.settlement import Failure
from providers.ai.configured import configured_embedder
from providers.ai.embedder import DIMENSIONS
from providers.ai.embedders.local import LocalEmbedder
from providers.ai.embedders.openai import OpenAIEmbedder, batches, fitting
from providers.ai.prices import PRICES, cost_of
from providers.ai.usage import Usage

TEXTS = [
    "The Director sets the navigation calendar.",
    "Le directeur établit le calendrier de navigation.",
    "Écluse no 4, 12\u00a0000 m³ — l\u2019été",
    "a",
    "?!",
]
# Of the vectors of these texts. Whoever changes it changes the model's name as well.
CHECKSUM = "101e8a2e4b9d1a5077f5008ebe1438bf1671b0b6a4c8423a00914a0fb8deb986"
KEY = "sk-test-c0ffee5ecret0fTheTests"
ROOT = Path(__file__).resolve().parents[3]


def checksum(vectors: np.ndarray) -> str:
    return hashlib.sha256(vectors.astype("<f4").tobytes()).hexdigest()


def cosine(one: str, other: str) -> float:
    vectors = LocalEmbedder().embed([one, other]).vectors
    return float(vectors[0] @ vectors[1])


def test_local_vectors_are_the_same_everywhere() -> None:
    embedder = LocalEmbedder()
    assert embedder.model == "local-ngram-1"
    assert checksum(embedder.embed(TEXTS).vectors) == CHECKSUM


def test_local_vectors_do_not_depend_on_the_process() -> None:
    code = (
        "import sys, json, hashlib; from providers.ai.embedders.local import LocalEmbedder;"
        "v = LocalEmbedder().embed(json.loads(sys.argv[1])).vectors;"
        "print(hashlib.sha256(v.astype('<f4').tobytes()).hexdigest())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(TEXTS)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == CHECKSUM


def test_a_text_has_its_vector_whatever_company_it_is_in() -> None:
    embedder = LocalEmbedder()
    many = [f"{text} {number}" for number in range(150) for text in TEXTS]
    together = embedder.embed(many).vectors
    assert together.shape == (750, DIMENSIONS)
    assert together.dtype == np.float32
    assert np.array_equal(together[300], embedder.embed([many[300]]).vectors[0])


def test_local_vectors_have_length_one_unless_there_is_no_word() -> None:
    lengths = np.linalg.norm(LocalEmbedder().embed(TEXTS).vectors, axis=1)
    assert lengths == pytest.approx([1, 1, 1, 1, 0], abs=1e-6)
    assert LocalEmbedder().embed([]).vectors.shape == (0, DIMENSIONS)


def test_shared_wording_is_near_and_other_wording_is_not() -> None:
    plans = "The Manager plans these services and negotiates their price."
    assert cosine(plans, "These services are planned by the manager, who negotiates prices.") > 0.6
    assert cosine(plans, "Visits to structures involve stairs, open water, noise and cold.") < 0.2
    assert cosine("Québec ÉCLUSE", "quebec ecluse") == pytest.approx(1, abs=1e-6)


class FakeService:
    """Answers as OpenAI's API does, on a loopback port."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, dict[str, str], Any]] = embeddings_of
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.requests.append({"path": self.path, "key": self.headers["Authorization"], **asked})
                status, headers, body = service.answer(asked)
                content = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    for name, value in {"Content-Type": "application/json", **headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:
                    pass  # a client that did not wait

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def refuse(self, status: int, *, code: str | None = None, **headers: str) -> None:
        said = f"Incorrect API key provided: {KEY}."
        error = {"error": {"message": said, "type": "x", "param": None, "code": code}}
        self.answer = lambda _: (status, headers, error)


def embeddings_of(asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
    """Vectors whose first number is the text's length, the last text first."""
    rows = []
    for index, text in enumerate(asked["input"]):
        vector = np.zeros(DIMENSIONS, np.float32)
        vector[0] = len(text)
        rows.append({"object": "embedding", "index": index, "embedding": base64.b64encode(vector.tobytes()).decode()})
    tokens = 1000 * len(rows)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    body = {"object": "list", "data": rows[::-1], "model": asked["model"], "usage": usage}
    return 200, {"x-request-id": "req_1"}, body


@pytest.fixture
def fake() -> Iterator[FakeService]:
    service = FakeService()
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()
    thread.join()


def embedder_of(service: FakeService, **options: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder(api_key=KEY, model="text-embedding-3-small", base_url=service.url, **options)


def test_openai_is_asked_once_and_its_vectors_are_put_in_order(fake: FakeService) -> None:
    paid: list[tuple[Usage, int]] = []
    made = embedder_of(fake).embed(["a", "bbb", "cc"], on_paid=lambda usage, texts: paid.append((usage, texts)))
    assert made.vectors[:, 0].tolist() == [1, 3, 2]
    assert made.vectors.dtype == np.float32
    [request] = fake.requests
    assert (request["path"], request["key"], request["model"]) == (
        "/v1/embeddings",
        f"Bearer {KEY}",
        "text-embedding-3-small",
    )
    assert request["dimensions"] == DIMENSIONS
    [(usage, texts)] = paid
    assert (usage.input_tokens, usage.cost_usd, usage.request_id) == (3000, Decimal("0.00006"), "req_1")
    assert texts == 3


def test_many_texts_are_parted_into_calls_within_the_limits(fake: FakeService) -> None:
    paid: list[tuple[int, int]] = []
    embedder_of(fake).embed(["x"] * 2_500, on_paid=lambda usage, texts: paid.append((usage.input_tokens, texts)))
    assert [len(request["input"]) for request in fake.requests] == [2_048, 452]
    assert paid == [(2_048_000, 2_048), (452_000, 452)]
    long = [fitting("é" * 100_000)] * 70
    assert len(long[0].encode()) <= 16_384
    assert [len(batch) for batch in batches(long)] == [30, 30, 10]
    assert embedder_of(fake).embed([]).vectors.shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [(429, {"Retry-After": "7"}, 7.0), (429, {}, None), (500, {}, None), (503, {"Retry-After": "soon"}, None)],
)
def test_a_busy_or_broken_service_is_a_failure_that_passes(
    fake: FakeService, status: int, headers: dict[str, str], wait: float | None
) -> None:
    fake.refuse(status, **headers)
    with pytest.raises(ProviderFailure, match=str(status)) as failure:
        embedder_of(fake).embed(["a"])
    assert failure.value.retry_after == wait
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "cure"),
    [
        (400, None, "DRAY_OPENAI_EMBEDDING_MODEL"),
        (401, "invalid_api_key", "OPENAI_API_KEY"),
        (403, None, "the right"),
        (422, None, "DRAY_OPENAI_EMBEDDING_MODEL"),
        (404, "model_not_found", "OPENAI_BASE_URL"),
        (429, "insufficient_quota", "no credit left"),
    ],
)
def test_a_refusal_is_final_and_names_the_cure(fake: FakeService, status: int, code: str | None, cure: str) -> None:
    fake.refuse(status, code=code)
    with pytest.raises(Permanent, match=cure) as refusal:
        embedder_of(fake).embed(["a"])
    assert len(fake.requests) == 1
    assert_tells_no_key(refusal.value)


def assert_tells_no_key(error: BaseException) -> None:
    failure = Failure.of(error)
    told = f"{failure} {failure.traceback}"
    assert KEY not in told
    assert "Incorrect API key" not in told


@pytest.mark.parametrize("status", [401, 418, 429, 500])
def test_what_the_service_says_of_the_key_is_in_no_message_and_no_traceback(
    fake: FakeService, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {"x-request-id": KEY}
    fake.refuse(status, code=KEY, **headers)
    with pytest.raises((Permanent, ProviderFailure)) as failure:
        embedder_of(fake).embed(["a"])
    assert fake.requests[0]["key"] == f"Bearer {KEY}"
    assert_tells_no_key(failure.value)
    assert failure.value.__context__ is None
    assert "Incorrect API key" not in caplog.text


def test_a_wait_until_a_date_is_read(fake: FakeService) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    fake.refuse(503, **{"Retry-After": then})
    with pytest.raises(ProviderFailure) as failure:
        embedder_of(fake).embed(["a"])
    assert 80 < (failure.value.retry_after or 0) <= 90


def test_a_call_that_fails_leaves_the_earlier_ones_told(fake: FakeService) -> None:
    paid: list[int] = []

    def answer_once(asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        fake.refuse(500)
        return embeddings_of(asked)

    fake.answer = answer_once
    with pytest.raises(ProviderFailure):
        embedder_of(fake).embed(["x"] * 2_500, on_paid=lambda _, texts: paid.append(texts))
    assert paid == [2_048]


@pytest.mark.parametrize("body", ["<html>", {"hello": "world"}, [], {"data": [], "usage": None}, None])
def test_an_answer_that_is_something_else_is_a_failure_that_passes(fake: FakeService, body: object) -> None:
    fake.answer = lambda _: (200, {}, body)
    with pytest.raises(ProviderFailure):
        embedder_of(fake).embed(["a"])


def test_a_service_that_does_not_answer_in_time_is_a_failure_that_passes(fake: FakeService) -> None:
    def dawdle(asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        time.sleep(0.5)
        return embeddings_of(asked)

    fake.answer = dawdle
    with pytest.raises(ProviderFailure, match="in time"):
        embedder_of(fake, seconds=0.1).embed(["a"])


def test_a_service_that_is_not_there_is_a_failure_that_passes() -> None:
    embedder = OpenAIEmbedder(api_key=KEY, model="m", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ProviderFailure, match="could not be reached"):
        embedder.embed(["a"])


def test_an_answer_that_lacks_a_vector_is_a_failure_that_passes(fake: FakeService) -> None:
    def forget_one(asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        status, headers, body = embeddings_of(asked)
        return status, headers, body | {"data": body["data"][1:]}

    fake.answer = forget_one
    paid: list[int] = []
    with pytest.raises(ProviderFailure, match="1 vectors where 2"):
        embedder_of(fake).embed(["a", "b"], on_paid=lambda _, texts: paid.append(texts))
    assert paid == [2], "it was paid all the same"


def test_the_settings_choose_the_embedder() -> None:
    assert configured_embedder(Settings(database_url="x")).provider == "local"
    chosen = configured_embedder(Settings.model_validate({"database_url": "x", "openai_api_key": KEY}))
    assert (chosen.provider, chosen.model) == ("openai", "text-embedding-3-small")


def test_costs_follow_the_price_list() -> None:
    assert cost_of("gpt-5-mini", 1_000_000, 1_000_000) == Decimal("2.25")
    assert cost_of("gpt-5-mini", 1_000_000, 0, 1_000_000) == Decimal("0.025")
    assert cost_of("gpt-5-mini-2025-08-07", 1_000, 100, 400) == Decimal("0.00036")
    assert cost_of("a model of tomorrow", 1_000) is None
    assert all(price.source.startswith("https://") for price in PRICES.values())
