"""The stream limit against a model: a set of streams with the time of their last push."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.admission.active_streams import IDLE_S, ActiveStreams
from storage.labels import Labels

PUSHES = st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.integers(0, 5), unique=True), st.floats(0, IDLE_S)))


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@given(PUSHES, st.integers(1, 4))
def test_at_most_so_many_streams_of_a_tenant_are_active(pushes: list[tuple[str, list[int], float]], limit: int) -> None:
    clock, model = Clock(), dict[tuple[str, int], float]()
    active = ActiveStreams(clock)
    for tenant, streams, passed_s in pushes:
        clock.now_s += passed_s
        model = {key: at_s for key, at_s in model.items() if at_s >= clock.now_s - IDLE_S}
        expected = []
        for stream in streams:
            is_admitted = (tenant, stream) in model or sum(owner == tenant for owner, _ in model) < limit
            expected.append(is_admitted)
            if is_admitted:
                model[(tenant, stream)] = clock.now_s
        labels = [Labels({"n": str(stream)}) for stream in streams]
        assert active.admit(tenant, labels, limit).tolist() == expected


def test_without_a_limit_all_are_admitted() -> None:
    labels = [Labels({"n": str(n)}) for n in range(10)]
    assert ActiveStreams(Clock()).admit("a", labels, 0).all()
