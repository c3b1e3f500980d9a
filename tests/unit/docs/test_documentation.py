"""The documentation: generated pages are fresh, links lead somewhere, one word for one thing."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
GLOSSARY = DOCS / "glossary.md"
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *PAGES]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))

FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """The text without code, comments and the targets of links."""
    return re.sub(r"\]\([^)]*\)|<!--.*?-->", "]", CODE.sub("", FENCE.sub("", path.read_text())))


def links(path: Path) -> list[str]:
    return LINK.findall(CODE.sub("", FENCE.sub("", path.read_text())))


def anchors(path: Path) -> set[str]:
    """The anchors of a page: of each heading, or what the heading sets itself."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text()), re.MULTILINE):
        own = re.search(r"\{ #([\w-]+) \}$", heading)
        found.add(own[1] if own else re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-"))
    return found


def entries() -> list[list[str]]:
    """Word, meaning and the words that we do not use, of each line of the glossary."""
    rows = [line.strip("|").split("|") for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def manual(*arguments: str) -> "subprocess.CompletedProcess[str]":
    script = ROOT / "scripts" / "settings_manual.py"
    return subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True, check=False)


def nav(items: list[Any]) -> Iterator[str]:
    for item in items:
        for target in item.values():
            if isinstance(target, str):
                yield target
            else:
                yield from nav(target)


def test_pages_made_from_the_settings_are_fresh() -> None:
    """A changed description or default needs ``python scripts/settings_manual.py``."""
    done = manual("--check")

    assert (done.returncode, done.stderr) == (0, "")


def test_pages_made_from_the_source_are_fresh() -> None:
    """A changed problem code or log event needs ``python scripts/reference.py``."""
    script = ROOT / "scripts" / "reference.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_problem_code_has_one_title() -> None:
    rows = [line.split(" | ") for line in (DOCS / "problems.md").read_text().splitlines() if line.startswith("| `")]
    codes = [row[0] for row in rows]

    assert sorted(code for code in set(codes) if codes.count(code) > 1) == ["| `hls_not_available`"]


def test_a_stale_page_is_named_and_left_alone(tmp_path: Path) -> None:
    assert manual("--root", str(tmp_path)).returncode == 0
    page = tmp_path / "docs/configuration.md"
    page.write_text("old")

    done = manual("--check", "--root", str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith("Stale: docs/configuration.md. ")
    assert page.read_text() == "old"


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    """Pages, pictures and headings alike."""
    lost = []
    for link in links(path):
        target, _, anchor = link.partition("#")
        if target.startswith(("http://", "https://")):
            continue
        file = (path.parent / target) if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(link)

    assert lost == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_of_the_site_link_within_the_site(path: Path) -> None:
    """What lies outside ``docs`` is not built."""
    targets = [link.partition("#")[0] for link in links(path) if "://" not in link]

    assert [target for target in targets if not (path.parent / target).resolve().is_relative_to(DOCS)] == []


def test_the_site_shows_every_page_once() -> None:
    listed = list(nav(tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]))

    assert sorted(listed) == sorted(str(page.relative_to(DOCS)) for page in PAGES)


def test_glossary_is_sorted_and_names_each_word_once() -> None:
    words = [word.lower() for word, *_ in entries()]

    assert words == sorted(set(words))


@pytest.mark.parametrize("word", [word for word, *_ in entries()])
def test_a_word_of_the_glossary_is_used(word: str) -> None:
    """A glossary of words that nobody meets helps nobody."""
    forms = re.compile(rf"\b{re.escape(word)}(?:s|es|ed|ing)?\b", re.IGNORECASE)

    assert [named(page) for page in TEXTS if page != GLOSSARY and forms.search(page.read_text())] != []


@pytest.mark.parametrize("path", [path for path in TEXTS if path != GLOSSARY], ids=named)
def test_one_word_for_one_thing(path: Path) -> None:
    """The words in the glossary's last column are not used for our things."""
    refused = [word.strip() for *_, column in entries() for word in column.split(",")]
    text = " ".join(prose(path).split())

    assert [word for word in refused if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_has_the_house_form(path: Path) -> None:
    """Context, decision, consequences and alternatives, in this order, and a line in the list."""
    text = path.read_text()

    assert text.startswith(f"# {path.name[:4]}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"]
    assert f"]({path.name})" in (DOCS / "decisions/index.md").read_text()


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_texts_speak_plainly(path: Path) -> None:
    """No exclamation marks, and none of the words that sell."""
    selling = re.compile(r"!(?!\[)|\b(?:simply|blazing\w*|seamless\w*|powerful|effortless\w*|robust)\b", re.IGNORECASE)

    assert selling.findall(prose(path)) == []
