"""The list of adapters, which is data so that nothing is imported to read it."""

import pytest

from playhead.api.outgoing import Outgoing
from playhead.generate.adapters import ADAPTERS, Adapter, adapter_class


@pytest.mark.parametrize("adapter", [each for each in ADAPTERS.values() if each.is_remote], ids=lambda each: each.name)
def test_an_adapter_has_the_abilities_that_the_list_says(adapter: Adapter) -> None:
    made = adapter_class(adapter)(
        "mine", base_url="https://provider.test", key="key", client_factory=Outgoing(allow_private=False).client
    )

    assert made.abilities == adapter.abilities
