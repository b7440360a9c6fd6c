"""What every store must do. A store's test class inherits this and gives a ``store`` fixture."""

from __future__ import annotations

import pytest

from storage.stores import Store

__all__ = ["StoreContract"]


def write_and_fail(store: Store, key: str) -> None:
    with store.create(key) as sink:
        sink.write(b"half of it")
        raise KeyError


class StoreContract:
    def test_an_object_is_read_as_it_was_put(self, store: Store) -> None:
        store.put("a/b/c", b"content")
        assert store.get("a/b/c") == b"content"
        with store.open("a/b/c") as file:
            assert file.read_at(3, 2) == b"nte"
            assert file.size() == 7

    def test_putting_again_replaces_the_object(self, store: Store) -> None:
        store.put("key", b"a longer first content")
        store.put("key", b"second")
        assert store.get("key") == b"second"

    def test_a_sink_publishes_when_it_is_done(self, store: Store) -> None:
        with store.create("a/key") as sink:
            sink.write(b"one")
            assert list(store.list()) == []
            sink.write(b"two")
            assert sink.tell() == 6
        assert store.get("a/key") == b"onetwo"

    def test_a_sink_that_fails_publishes_nothing(self, store: Store) -> None:
        with pytest.raises(KeyError):
            write_and_fail(store, "a/key")
        assert list(store.list()) == []
        with pytest.raises(FileNotFoundError):
            store.get("a/key")

    def test_a_failed_rewrite_keeps_what_was_there(self, store: Store) -> None:
        store.put("key", b"first")
        with pytest.raises(KeyError):
            write_and_fail(store, "key")
        assert store.get("key") == b"first"

    def test_listing_is_sorted_and_by_prefix(self, store: Store) -> None:
        for key in ["b/2", "a/1", "b/10", "ab"]:
            store.put(key, b"")
        assert list(store.list()) == ["a/1", "ab", "b/10", "b/2"]
        assert list(store.list("b/")) == ["b/10", "b/2"]
        assert list(store.list("a")) == ["a/1", "ab"]
        assert list(store.list("c")) == []

    @pytest.mark.parametrize("key", ["absent", "a/absent", "absent/key"])
    def test_what_is_not_there_is_not_found(self, store: Store, key: str) -> None:
        store.put("a/b", b"")
        with pytest.raises(FileNotFoundError):
            store.get(key)
        with pytest.raises(FileNotFoundError):
            store.open(key)
        store.delete(key)

    def test_a_deleted_object_is_gone(self, store: Store) -> None:
        store.put("key", b"x")
        store.delete("key")
        assert list(store.list()) == []

    def test_a_quarantined_object_is_out_of_sight_and_its_name_free(self, store: Store) -> None:
        places = set()
        for content in (b"first", b"second"):
            store.put("a/key", content)
            places.add(store.quarantine("a/key"))
            assert list(store.list()) == []
        assert len(places) == 2
