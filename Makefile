# Every verb of the project. `make help` lists them.

PYTHON ?= python3
UV := .tools/uv
RUN := $(UV) run --locked
# The machine's own Python >= 3.11 is used; nothing is downloaded in its place.
export UV_PYTHON_DOWNLOADS ?= never

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt screenshots docs bench web gen wheel clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(UV) ## install everything for development into .venv
	$(RUN) python -c 'import playhead; print("playhead", playhead.__version__, "is ready: .tools/uv run playhead --help")'

demo: $(UV) ## show it at work with sample clips (ONCE=1: check the reel, then stop)
	$(RUN) --no-dev playhead demo $(if $(filter-out 0,$(ONCE)),--once) $(ARGS)

# Tests start the program some hundred times. Without bytecode each start compiles all that it imports: twice the work.
test: export PYTHONDONTWRITEBYTECODE :=
# A module stays in one process, so what its tests share is made once; in the order of collection, so that a process
# enters and leaves each folder with a server once, and the small tests come last. Three processes on two cores: tests of
# pages and processes wait more than they compute (13 minutes for all tests instead of 17, November 2026).
test: $(UV) ## run the tests, browser tests included (ALL=1: thorough ones, too; ARGS="-k upload": some)
	$(PYTHON) scripts/system_packages.py
	$(RUN) python -m tests.fixtures.s3
	$(RUN) python scripts/web.py test
	$(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder --by-folder $(if $(filter-out 0,$(ALL)),,-m "not thorough") $(ARGS)

check: $(UV) ## style, types, layers, generated files
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) python scripts/web.py stale
	$(RUN) python scripts/web.py check

fmt: $(UV) ## put the code in form
	$(RUN) ruff check --fix
	$(RUN) ruff format
	$(RUN) python scripts/web.py fmt

screenshots: $(UV) ## make the pictures of the documentation from the running demo
	$(PYTHON) scripts/system_packages.py
	$(RUN) python -m scripts.screenshots $(ARGS)

docs: $(UV) ## build the documentation into site/
	$(RUN) --group docs zensical build --clean

bench: $(UV) ## measure, always beside a peer in the same run
	$(RUN) python -m benchmarks $(ARGS)

web: $(UV) ## serve the interface from its sources (PLAYHEAD_URL names the backend)
	$(RUN) python scripts/web.py dev

gen: $(UV) ## write web/openapi.json and the TypeScript client made from it
	$(RUN) python scripts/web.py gen

wheel: $(UV) ## build the packages and try the wheel with each Python here, without Node
	$(RUN) --no-dev python scripts/check_wheel.py

clean: ## remove what was built and installed here
	rm -rf .venv .tools dist build site web/node_modules src/playhead/webui demo-data
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): scripts/bootstrap.py pyproject.toml
	@$(PYTHON) scripts/bootstrap.py
	@touch -h -c $(UV)
