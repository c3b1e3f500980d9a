"""A model of a provider as data: its parameters with their limits, its input files, and the rule of its price. No I/O.

Prompts say parameters by common names (``duration``, ``aspect``, ``seed``, ``audio``), so that they survive a change of
model; a model that calls them otherwise, or writes their values otherwise, says so in ``external``, ``values`` and
``form``. Both spellings are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

from playhead.generate.provider import MICROS

Kind = Literal["integer", "number", "text", "choice", "switch"]
Scalar = str | bool | int | float

_SWITCH = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
MAX_TEXT = 10_000

_STRICT = {"extra": "forbid"}
"""A file of models with a name that is not known fails."""


class ParameterRefused(ValueError):
    """A value that a parameter does not take; the text says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a model.

    Args:
        name: As prompts say it.
        external: The model's own name, where it differs.
        values: The model's own value by ours, such as ``1280:720`` for ``16:9``.
        form: How the model writes a value, such as ``{}s`` for ``8s``.
        minimum: Inclusive, of a number.
        maximum: Inclusive, of a number; characters of a text.
        choices: The only values; of a ``choice``, or of a number.
        default: Sent where a prompt says nothing; None leaves it to the model.
    """

    __pydantic_config__: ClassVar = _STRICT

    name: str = ""
    kind: Kind = "choice"
    title: str = ""
    description: str = ""
    unit: str = ""
    external: str | None = None
    values: Mapping[str, Scalar] = field(default_factory=dict)
    form: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Scalar, ...] = ()
    default: Scalar | None = None
    required: bool = False

    @property
    def sent_as(self) -> str:
        """The model's own name of it."""
        return self.external or self.name

    @property
    def limits(self) -> str:
        """What it takes, in words: ``4, 6 or 8 s``."""
        unit = f" {self.unit}" if self.unit else ""
        if self.kind == "switch":
            return "true or false"
        if self.choices:
            *most, last = (str(each) for each in self.choices)
            return (f"{', '.join(most)} or {last}" if most else last) + unit
        if self.kind == "text":
            return f"a text of at most {int(self.maximum or MAX_TEXT):,} characters"
        kind = "a whole number" if self.kind == "integer" else "a number"
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{kind} from {_figure(low)} to {_figure(high)}{unit}"
        return f"{kind} of at least {_figure(low)}{unit}" if low is not None else kind

    def read(self, value: object) -> Scalar:
        """Read a value in our spelling or the model's; numbers and switches may be texts, as in a CSV file.

        Raises:
            ParameterRefused: not a value of this parameter.
        """
        found = self._scalar(self._ours(value))
        if self.choices:
            for each in self.choices:
                if str(found) == str(each):
                    return each
            raise self._refused(value)
        if isinstance(found, str):
            too_long = len(found) > (self.maximum or MAX_TEXT)
        else:
            low, high = self.minimum, self.maximum
            too_long = (low is not None and found < low) or (high is not None and found > high)
        if too_long:
            raise self._refused(value)
        return found

    def write(self, value: Scalar) -> Scalar:
        """The model's spelling of a value that `read` gave."""
        if (own := self.values.get(str(value))) is not None:
            return own
        return self.form.format(value) if self.form else value

    def _ours(self, value: object) -> object:
        for ours, own in self.values.items():
            if isinstance(value, str) and value == own:
                return ours
        if self.form and isinstance(value, str):
            before, _, after = self.form.partition("{}")
            return value.removeprefix(before).removesuffix(after)
        return value

    def _scalar(self, value: object) -> Scalar:
        if self.kind == "switch":
            found = value if isinstance(value, bool) else _SWITCH.get(str(value).strip().lower())
            if found is None:
                raise self._refused(value)
            return found
        if self.kind in ("integer", "number"):
            return self._number(value)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        raise self._refused(value)

    def _number(self, value: object) -> int | float:
        try:
            found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        except (ValueError, OverflowError):
            found = None
        if found is None or not abs(found) < 2**53 or (self.kind == "integer" and found != int(found)):
            raise self._refused(value)
        return int(found) if found == int(found) else found

    def _refused(self, value: object) -> ParameterRefused:
        return ParameterRefused(f"{self.name} is {value!r:.80}; it takes {self.limits}.")


def _figure(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRule:
    """A file that a model takes.

    Args:
        name: The model's own name of it, such as ``start_image``; prompts say the same.
        role: What it is for, which two models can be compared by.
        max_bytes: Largest file that the provider fetches.
    """

    __pydantic_config__: ClassVar = _STRICT

    name: str = ""
    kind: Literal["image", "video"] = "image"
    role: Literal["first_frame", "last_frame", "reference", "source"] = "first_frame"
    title: str = ""
    description: str = ""
    required: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCase:
    """A price under conditions.

    Args:
        usd: Dollars; per second or per video, as the rule says.
        when: Values of parameters in our spelling, all of which must hold.
    """

    __pydantic_config__: ClassVar = _STRICT

    usd: float
    when: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What a generation costs.

    Args:
        per: A second of output, or a whole video.
        usd: Of every generation; or *cases*, of which the first that holds counts.
        free: States, or the provider's own words of them, that it does not charge. Of others that fail nothing is
            known.
        as_of: When the price was read.
        source: Where.
    """

    __pydantic_config__: ClassVar = _STRICT

    per: Literal["second", "video"]
    usd: float | None = None
    cases: tuple[PriceCase, ...] = ()
    free: tuple[str, ...] = ()
    as_of: date | None = None
    source: str = ""

    def estimate(self, parameters: Mapping[str, Any]) -> int | None:
        """Micros of a generation with these parameters, in our spelling; None where the rule says nothing of them."""
        usd = self.usd
        for case in self.cases:
            if all(str(parameters.get(name)) == str(value) for name, value in case.when.items()):
                usd = case.usd
                break
        if usd is None:
            return None
        if self.per == "video":
            return round(usd * MICROS)
        duration = parameters.get("duration")
        return round(usd * float(duration) * MICROS) if isinstance(duration, int | float) else None

    @property
    def words(self) -> str:
        """For people: ``$0.20 to $0.60 a second``."""
        prices = sorted({case.usd for case in self.cases} | ({self.usd} if self.usd is not None else set()))
        if prices[-1:] == [0]:
            return "free"
        unit = "a second" if self.per == "second" else "a video"
        texts = [f"${price:.4f}".rstrip("0").rstrip(".") if price * 100 % 1 else f"${price:.2f}" for price in prices]
        return f"{texts[0]} to {texts[-1]} {unit}" if len(texts) > 1 else f"{texts[0]} {unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of one provider.

    Args:
        provider: Name of the provider.
        name: As prompts say it; with ``*`` a pattern for names that are not listed.
        external: The provider's own name; the same where it is empty.
        parameters: By common name.
        inputs: By the model's own name.
        open: Parameters and inputs that are not listed are passed on as they are.
        price: None where it is not known, which is not zero.
        retires_at: First day on which it is gone.
        replaced_by: Model to use instead.
        seconds: Typical time from submit to result.
    """

    __pydantic_config__: ClassVar = _STRICT

    provider: str
    name: str
    title: str = ""
    description: str = ""
    external: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    inputs: Mapping[str, InputRule] = field(default_factory=dict)
    open: bool = False
    price: PriceRule | None = None
    retires_at: date | None = None
    replaced_by: str | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        """Fill in the provider's own name."""
        object.__setattr__(self, "external", self.external or self.name)

    def parameter(self, name: str) -> Parameter | None:
        """A parameter by its common name, or the model's own."""
        found = self.parameters.get(name)
        return found or next((each for each in self.parameters.values() if each.external == name), None)

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for models that are not listed."""
        return "*" in self.name

    def is_retired(self, today: date) -> bool:
        """Whether it is gone on a day."""
        return self.retires_at is not None and today >= self.retires_at
