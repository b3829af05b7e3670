"""Whatever a task ends with: its settlement is an arrow of the state table, fits into the row, and ends some day."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import BadArgs, NewerArgs, Permanent, ProviderFailure, RunExpired
from contracts.outcome import Cancel, Outcome, Result, Snooze
from contracts.retry import RetryPolicy
from contracts.settlement import (
    MESSAGE_LENGTH,
    TRACEBACK_LENGTH,
    AttemptOutcome,
    Settlement,
    settle_cancellation,
    settle_error,
    settle_outcome,
)
from contracts.state import RunState, can_change

# Also what no encoding can hold: a file name may have come in with it.
texts = st.text(st.sampled_from("a é\x00\ud800"), max_size=20) | st.text(max_size=100)
delays = st.timedeltas(timedelta(0), timedelta(days=30))
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Result, st.dictionaries(texts, st.integers())),
    st.builds(Snooze, delays, texts),
    st.builds(Cancel, texts),
)
errors: st.SearchStrategy[Exception] = st.one_of(
    st.builds(ProviderFailure, texts, retry_after=st.none() | st.floats(0, 1e6)),
    st.builds(
        lambda kind, text, times: kind(text * times),
        st.sampled_from([OSError, RunExpired, NewerArgs]),
        texts,
        st.integers(1, 200),
    ),
    st.builds(lambda kind, text: kind(text), st.sampled_from([Permanent, BadArgs]), texts),
)
policies = st.builds(RetryPolicy, base=st.floats(0, 60), cap=st.floats(0, 86_400))
randoms = st.builds(Random, st.integers())
counts = st.integers(1, 20)


def decided(error: Exception, charged: int, limit: int, retry: RetryPolicy, random: Random) -> Settlement:
    return settle_error(error, charged_attempts=charged, max_attempts=limit, retry=retry, random=random)


@given(outcomes, st.integers(0, 5), st.integers(0, 5))
def test_what_a_task_returns_leads_along_an_arrow(outcome: Outcome, interruptions: int, limit: int) -> None:
    settlement = settle_outcome(outcome, interruptions=interruptions, max_interruptions=limit)
    assert can_change(RunState.EXECUTING, settlement.state)
    assert (settlement.due_in is None) is settlement.state.is_final
    # Only what comes back is free, and only as long as it may come back.
    assert settlement.charged is settlement.state.is_final
    assert settlement.charged or interruptions < limit


@given(errors, counts, counts, policies, randoms)
def test_what_a_task_raises_leads_along_an_arrow(
    error: Exception, charged: int, limit: int, retry: RetryPolicy, random: Random
) -> None:
    settlement = decided(error, charged, limit, retry, random)
    assert can_change(RunState.EXECUTING, settlement.state)
    assert (settlement.attempt_outcome, settlement.charged) == (AttemptOutcome.FAILED, True)
    again = charged < limit and not isinstance(error, Permanent)
    assert settlement.state is (RunState.SCHEDULED if again else RunState.DISCARDED)
    assert (settlement.due_in is not None) is again


@given(errors, counts, policies, randoms)
def test_a_retry_waits_as_long_as_the_provider_asks_and_else_within_the_ceiling(
    error: Exception, charged: int, retry: RetryPolicy, random: Random
) -> None:
    due_in = decided(error, charged, charged + 1, retry, random).due_in
    asked = getattr(error, "retry_after", None)
    if due_in is None:
        assert isinstance(error, Permanent)
    elif asked is not None:
        assert due_in == timedelta(seconds=asked)
    else:
        # A timedelta rounds to microseconds.
        assert timedelta(0) <= due_in <= timedelta(seconds=retry.ceiling(charged)) + timedelta(microseconds=1)


@given(policies, counts)
def test_the_ceiling_never_sinks_and_never_passes_the_cap(retry: RetryPolicy, attempt: int) -> None:
    assert 0 <= retry.ceiling(attempt) <= retry.ceiling(attempt + 1) <= retry.cap


@given(errors, st.integers(1, 5), st.integers(0, 5), st.lists(st.booleans(), min_size=11, max_size=11))
def test_no_mix_of_failures_and_interruptions_goes_on_for_ever(
    error: Exception, limit: int, max_interruptions: int, fails: list[bool]
) -> None:
    attempt, uncharged = 0, 0
    for failed in fails:
        attempt += 1
        settlement = (
            decided(error, attempt - uncharged, limit, RetryPolicy(), Random(1))
            if failed
            else settle_outcome(Snooze(timedelta(0)), interruptions=uncharged, max_interruptions=max_interruptions)
        )
        uncharged += not settlement.charged
        if settlement.state.is_final:
            break
    else:
        raise AssertionError(f"still there after {attempt} attempts")
    assert attempt - uncharged <= limit
    assert uncharged <= max_interruptions


@given(errors, texts)
def test_what_is_kept_fits_into_the_row(error: Exception, reason: str) -> None:
    failure = decided(error, 1, 1, RetryPolicy(), Random(1)).failure
    assert failure is not None
    assert failure.traceback is not None
    assert len(failure.message) <= MESSAGE_LENGTH
    assert len(failure.traceback) <= TRACEBACK_LENGTH
    stored = f"{failure}{failure.traceback}"
    assert "\x00" not in stored
    assert stored.encode().decode() == stored
    settlement = settle_cancellation(reason)
    assert (settlement.state, settlement.reason) == (RunState.CANCELLED, reason)
