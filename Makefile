# Everything runs from .venv, which standard venv and pip fill from requirements.lock alone.
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif
READY := .venv/.ready

.PHONY: venv demo test test-slow lint types notebook check-notebook lock clean

venv: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: $(READY)
	$(BIN)/python scripts/make_sample_data.py
	$(BIN)/python scripts/train_grid.py --data data/sample --out results/demo --seeds 2 --epochs 16 --fractions 0.4 0.3 0.3

# A process for each core, four at most; a file's tests stay together, as they share what they set up.
test: $(READY)
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --maxprocesses 4 --dist loadfile

test-slow: $(READY)
	$(BIN)/python -m pytest -m slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

# Executes the notebook in place and makes a page of it, which needs no network and is not tracked.
notebook: $(READY)
	$(BIN)/jupyter nbconvert --to notebook --execute --ExecutePreprocessor.record_timing=False \
	    --inplace pipeline.ipynb
	$(BIN)/jupyter nbconvert --to html --TemplateExporter.extra_template_basedirs=scripts \
	    --template notebook_page --output-dir build pipeline.ipynb
	@echo "page: build/pipeline.html"

# Executes a copy and fails on an error in any cell; the notebook in git stays as it is.
check-notebook: $(READY)
	$(BIN)/jupyter nbconvert --to notebook --execute pipeline.ipynb --output-dir build

# A lock has hashes and no addresses: pip takes the files from whatever index it is set to use.
COMPILE := uv pip compile --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header
# The container takes torch and torchaudio from another index, without CUDA, and the rest from these.
ON_CPU = --constraints requirements.lock $(addprefix --no-emit-package ,$(shell \
    sed -nE 's/^((torch|cuda|nvidia|triton)[a-z0-9-]*)==.*/\1/p' requirements.lock))

lock:
	$(COMPILE) --all-extras --group dev pyproject.toml --output-file requirements.lock
	$(COMPILE) $(ON_CPU) --group build pyproject.toml --output-file requirements-train.lock
	$(COMPILE) $(ON_CPU) --group runtime --output-file requirements-serve.lock

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache
