# make demo | test | bench | scale | lock. Each sets up .venv by itself; see README.md.
PYTHON ?= python3
BIN := .venv/bin
.PHONY: demo test bench scale setup format lock clean
.DEFAULT_GOAL := demo

setup:
	@PYTHON='$(PYTHON)' ./scripts/setup.sh

demo: setup
	@$(BIN)/nohaven demo

test: setup
	@./scripts/test.sh

bench: setup
	@$(BIN)/python -m benchmarks.bench $(BENCH)

scale: setup
	@$(BIN)/python -m benchmarks.scale

format: setup
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

# Needs uv on the PATH. Hashes only, no addresses.
lock:
	uv pip compile -q pyproject.toml --group test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:
	rm -rf .venv exercise build dist
