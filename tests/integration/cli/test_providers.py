"""Providers and spending by the command line, against a real server; nothing is asked of a provider."""

from tests.fixtures.server import Server
from tests.fixtures.tiers import thorough
from tests.integration.cli.test_commands import says, tells


def test_a_key_comes_from_stdin_or_a_variable_and_is_never_shown(shared_server: Server) -> None:
    added = shared_server.cli("providers", "set", "fal", "--key-stdin", stdin="fal-sesame\n")
    shown = says(shared_server, "providers", "show", "fal")
    says(shared_server, "providers", "set", "fal", "--key-env", "NO_SUCH_API_KEY", "--disable")
    listed = {each["name"]: each for each in tells(shared_server, "providers", "list")}
    silent = shared_server.cli("providers", "set", "runway")

    assert added.returncode == 0, added.stderr
    assert "kept" in shown
    assert "sesame" not in shown + added.stdout + added.stderr
    assert (listed["fal"]["key"], listed["fal"]["key_env"], listed["fal"]["enabled"]) == (
        *("missing", "NO_SUCH_API_KEY"),
        False,
    )
    assert "--key-stdin" in silent.stderr
    says(shared_server, "providers", "remove", "fal", "--yes")


@thorough
def test_models_and_spending_are_tables(shared_server: Server) -> None:
    models = says(shared_server, "providers", "models", "fal")
    one = says(shared_server, "providers", "models", "runway", "gen4.5")
    spent = shared_server.cli("spending", "--by", "model", "--from", "2026-11-01")
    wrong = shared_server.cli("spending", "--from", "yesterday")

    assert "$0.20 to $0.60 a second" in models
    assert "a whole number from 2 to 10 s" in one
    assert (spent.returncode, spent.stdout, "Nothing was generated." in spent.stderr) == (0, "", True)
    assert says(shared_server, "spending", "--csv").startswith("id,at,kind,usd,")
    assert (wrong.returncode, "2026-11-30" in wrong.stderr) == (2, True)
