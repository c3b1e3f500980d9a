"""What is known of an adapter without importing it is what its class says."""

from pathlib import Path
from typing import Any

import pytest

from playhead.generate.adapters import ADAPTERS, Adapter, adapter_class


def opened(adapter: Adapter) -> Any:
    if not adapter.is_remote:
        return adapter_class(adapter)("x", ffmpeg=None, work=Path(), slots=1)
    base_url = adapter.base_url or "https://gpu.example.org"
    return adapter_class(adapter)("x", base_url=base_url, key="k", webhook_secret=None, client_factory=lambda: None)


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_abilities_are_those_of_the_class(name: str) -> None:
    assert opened(ADAPTERS[name]).abilities == ADAPTERS[name].abilities


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_options_are_arguments_of_the_class(name: str) -> None:
    arguments = adapter_class(ADAPTERS[name]).__init__.__annotations__

    assert set(ADAPTERS[name].options) <= set(arguments)
