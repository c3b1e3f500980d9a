"""The catalogue of models: what is found, what a model takes, and what it costs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playhead.errors import InvalidInput
from playhead.generate.catalogue import Catalogue
from playhead.generate.errors import GenerationFailed, ModelRetired
from playhead.generate.provider import RunState, Status
from playhead.settings import SettingsInvalid

TODAY = date(2026, 11, 30)
VEO = ("fal", "fal-ai/veo3.1")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.read()


def test_every_model_takes_its_own_defaults(catalogue: Catalogue) -> None:
    """What was checked is checked again unchanged, as a take that is generated again is."""
    for model in catalogue.models():
        inputs = [{"parameter": name} for name, rule in model.inputs.items() if rule.required]

        checked = catalogue.check(model, {}, inputs)

        assert catalogue.check(model, checked, inputs) == checked
        assert not (model.price and catalogue.estimate(model, checked) is None), model.name


def test_every_provider_has_a_model_that_is_not_retired(catalogue: Catalogue) -> None:
    for provider in ("local", "replicate", "cog", "fal", "runway", "google"):
        assert not catalogue.get(provider, None, today=TODAY).is_retired(TODAY)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"duration": 4, "aspect": "9:16"}, {"duration": "4s", "aspect_ratio": "9:16"}),
        ({"duration": "4s", "aspect_ratio": "9:16"}, {"duration": "4s", "aspect_ratio": "9:16"}),
        ({"duration": "6", "audio": "off", "seed": "7"}, {"duration": "6s", "generate_audio": False, "seed": 7}),
        ({"seed": None}, {"duration": "8s"}),
    ],
)
def test_parameters_are_written_as_the_model_takes_them(
    catalogue: Catalogue, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    """Whether a prompt says them by common names or by the model's own, as numbers or as the texts of a CSV file."""
    model = catalogue.get(*VEO, today=TODAY)

    assert sent.items() <= catalogue.check(model, given).items()


def test_a_value_may_have_another_spelling(catalogue: Catalogue) -> None:
    model = catalogue.get("runway", "gen4.5", today=TODAY)

    assert catalogue.check(model, {"aspect": "9:16"})["ratio"] == "720:1280"
    assert catalogue.common(model, {"ratio": "720:1280"})["aspect"] == "9:16"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"duration": 5}, "duration is 5; it takes 4, 6 or 8 s"),
        ({"duration": "eight"}, "duration is 'eight'"),
        ({"seed": -1}, "a whole number from 0 to"),
        ({"seed": 1.5}, "a whole number"),
        ({"audio": "loud"}, "true or false"),
        ({"aspect": "1:1"}, "16:9 or 9:16"),
        ({"negative_prompt": "x" * 10_001}, "at most 10,000 characters"),
        ({"fps": 24}, "has no parameter 'fps'; it has duration, aspect"),
    ],
)
def test_what_a_model_does_not_take_is_named_with_its_limits(
    catalogue: Catalogue, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        catalogue.check(catalogue.get(*VEO, today=TODAY), given)

    assert said in refused.value.detail


def test_input_files_are_those_of_the_model(catalogue: Catalogue) -> None:
    model = catalogue.get("runway", "gen4_turbo", today=TODAY)

    assert catalogue.check(model, {}, [{"parameter": "promptImage"}])["duration"] == 5
    with pytest.raises(InvalidInput, match="needs an input file promptImage"):
        catalogue.check(model, {})
    with pytest.raises(InvalidInput, match="takes promptImage"):
        catalogue.check(model, {}, [{"parameter": "promptImage"}, {"parameter": "video"}])


@pytest.mark.parametrize(
    ("given", "micros"),
    [
        ({"duration": 8, "audio": True}, 3_200_000),
        ({"duration": 4, "audio": False}, 800_000),
        ({"duration": 4, "resolution": "4k"}, 2_400_000),
        ({"duration": "4s", "generate_audio": False, "resolution": "4k"}, 1_600_000),
    ],
)
def test_the_price_is_by_duration_and_by_case(catalogue: Catalogue, given: dict[str, Any], micros: int) -> None:
    assert catalogue.estimate(catalogue.get(*VEO, today=TODAY), given) == micros


def test_an_unknown_price_is_not_zero(catalogue: Catalogue) -> None:
    """A model without a price, and a case that its rule does not know."""
    without = catalogue.get("replicate", "bytedance/seedance-1.5-pro", today=TODAY)
    omni = catalogue.get("google", None, today=TODAY)

    assert catalogue.estimate(without, {}) is None
    assert catalogue.charged(without, {}, Status(state="succeeded")) is None
    assert catalogue.estimate(omni, {"resolution": "1080p"}) is None


@pytest.mark.parametrize(
    ("provider", "name", "status", "micros"),
    [
        (*VEO, Status(state="succeeded"), 3_200_000),
        (*VEO, Status(state="succeeded", cost_micros=5), 5),
        (*VEO, Status(state="failed", error=GenerationFailed("x")), 0),
        ("replicate", "google/veo-3.1", Status(state="failed"), None),
        ("replicate", "google/veo-3.1", Status(state="canceled", words="aborted"), 0),
        ("replicate", "google/veo-3.1", Status(state="canceled", words="canceled"), None),
        ("runway", "gen4.5", Status(state="failed", cost_micros=0), 0),
        ("local", "titles", Status(state="failed"), 0),
    ],
)
def test_what_was_charged_is_the_providers_figure_or_the_rules(
    catalogue: Catalogue, provider: str, name: str, status: Status, micros: int | None
) -> None:
    assert catalogue.charged(catalogue.get(provider, name, today=TODAY), {}, status) == micros


@pytest.mark.parametrize("state", ["succeeded", "failed"])
def test_a_cost_that_cannot_be_computed_is_unknown(catalogue: Catalogue, state: RunState) -> None:
    """It never fails: the file of models may have changed since the prompt was checked."""
    model = catalogue.get("replicate", "google/veo-3.1", today=TODAY)

    assert catalogue.charged(model, {"duration": 5, "gone": 1}, Status(state=state)) is None


@pytest.mark.parametrize(
    ("provider", "name", "instead"),
    [("google", "veo-3.1-generate-preview", "gemini-omni-1.1-flash"), ("openai", "sora-2", "Veo 3.1")],
)
def test_a_retired_model_names_what_replaced_it(catalogue: Catalogue, provider: str, name: str, instead: str) -> None:
    with pytest.raises(ModelRetired) as retired:
        catalogue.get(provider, name, today=TODAY)

    assert instead in str(retired.value.hint)
    assert catalogue.get("google", "veo-3.1-generate-preview", today=date(2026, 10, 21)).name


@pytest.mark.parametrize(
    ("provider", "name", "hint"),
    [
        ("runway", "gen45", "Did you mean gen4.5?"),
        ("local", "zzz", "There are titles."),
        ("nobody", "x", "The operator can add models"),
    ],
)
def test_an_unknown_model_names_the_nearest(catalogue: Catalogue, provider: str, name: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as unknown:
        catalogue.get(provider, name, today=TODAY)

    assert (unknown.value.code, hint in str(unknown.value.hint)) == ("model_unknown", True)


@pytest.mark.parametrize("name", [f"owner/name:{'0' * 64}", "deployments/studio/harbour"])
def test_versions_and_deployments_need_no_entry(catalogue: Catalogue, name: str) -> None:
    """What they take is passed on, and what they cost is unknown."""
    model = catalogue.get("replicate", name, today=TODAY)

    assert (model.name, model.external) == (name, name)
    assert catalogue.check(model, {"steps": 4, "note": None}, [{"parameter": "mask"}]) == {"steps": 4}
    assert catalogue.estimate(model, {}) is None


def test_a_second_account_has_the_models_of_its_kind(catalogue: Catalogue) -> None:
    model = catalogue.get("replicate-work", "google/veo-3.1", today=TODAY)

    assert (model.provider, model.external) == ("replicate-work", "google/veo-3.1")


OWN = """
[[model]]
provider = "fal"
name = "fal-ai/veo3.1"
price = { per = "video", usd = 1 }

[[model]]
provider = "cog-attic"
name = "wan"
price = { per = "video", usd = 0 }
parameters.frames = { kind = "integer", external = "num_frames", minimum = 1, maximum = 81, required = true }
"""


def test_models_of_a_file_are_added_and_win(tmp_path: Path) -> None:
    own = tmp_path / "models.toml"
    own.write_text(OWN)

    catalogue = Catalogue.read(own)
    wan = catalogue.get("cog-attic", "wan", today=TODAY)

    assert catalogue.estimate(catalogue.get(*VEO, today=TODAY), {}) == 1_000_000
    assert catalogue.check(wan, {"frames": 9}) == {"num_frames": 9}
    assert catalogue.get("cog-attic", None, today=TODAY) == wan
    with pytest.raises(InvalidInput, match="needs the parameter frames"):
        catalogue.check(wan, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[model]\n", "line 1"),
        ('[[model]]\nprovider = "x"\nname = "y"\n\n[[model]]\nprovider = "x"\n', "line 5: name: Field required"),
        ('\n\n[[model]]\nprovider = "x"\nname = "y"\ncolour = 1\n', "line 3: colour: is not known"),
        ('[[model]]\nprovider = "x"\nname = "y"\nparameters.a = { kind = "blob" }\n', "line 1: parameters.a.kind"),
        ('[[model]]\nprovider = "x"\nname = "y"\nparameters.a = { choices = [1], default = 2 }\n', "its own default"),
        ('[[model]]\nprovider = "x"\nname = "y"\nparameters.a = {}\n', "a choice needs its choices"),
        ('[model]\nprovider = "x"\n', "two brackets"),
        ('[[models]]\nprovider = "x"\n', "'models', which is not read"),
    ],
)
def test_a_broken_file_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(text)

    with pytest.raises(SettingsInvalid) as invalid:
        Catalogue.read(path)

    assert said in invalid.value.detail


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="No such file"):
        Catalogue.read(tmp_path / "none.toml")
