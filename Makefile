# Everything runs from .venv, which standard venv and pip fill from requirements.lock alone. The lock
# is complete, so pip is to look for nothing else (before 24 it would, for a package's extras).
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif
READY := .venv/.ready

.PHONY: venv demo test test-slow test-oldest test-extras coverage lint types docs notebook \
    check-notebook lock check-wheels web-assets clean

venv: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	touch $(READY)

demo: $(READY)
	$(BIN)/python scripts/make_sample_data.py
	$(BIN)/python scripts/train_grid.py --data data/sample --out results/demo --seeds 2 --epochs 16 --fractions 0.4 0.3 0.3

# A process for each core, four at most; a file's tests stay together, as they share what they set up.
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 4 --dist loadfile
FAST := -m "not slow and not extras" $(SIDE_BY_SIDE)

test: $(READY)
	$(BIN)/python -m pytest $(FAST)

test-slow: $(READY)
	$(BIN)/python -m pytest -m slow $(SIDE_BY_SIDE)

# The fast tests with the oldest releases that pyproject.toml allows; those run on Python 3.11 only.
OLDEST := .venv-oldest/$(notdir $(BIN))

test-oldest: .venv-oldest/.ready
	$(OLDEST)/python -m pytest $(FAST)

.venv-oldest/.ready: requirements-oldest.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv-oldest
	$(OLDEST)/python -m pip install --quiet --no-deps --require-hashes -r requirements-oldest.lock
	$(OLDEST)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(OLDEST)/python -m pip check
	touch .venv-oldest/.ready

# What takes too long or too much disk for .ci/run. The image is built where buildah and debootstrap
# are (Debian: apt-get install buildah debootstrap), as root, and stays in build/image.
test-extras: $(READY) test-oldest
	$(BIN)/python scripts/check_installation.py
	$(BIN)/python -m pytest -m extras --log-cli-level INFO

# The fast tests again, counting the lines that run, in worker processes too.
coverage: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(FAST)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

# The site, in build/docs; every warning is an error, and nothing is fetched.
docs: $(READY)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs
	@echo "site: build/docs/index.html"

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
# The container may take torch and torchaudio from another index, without CUDA, to train on.
ON_CPU = --constraints requirements.lock $(addprefix --no-emit-package ,$(shell \
    sed -nE 's/^((torch|cuda|nvidia|triton)[a-z0-9-]*)==.*/\1/p' requirements.lock))

# Versions that are in a lock stay as long as they may; the oldest are looked for anew.
lock:
	$(COMPILE) --all-extras --group dev pyproject.toml --output-file requirements.lock
	$(COMPILE) $(ON_CPU) --extra train pyproject.toml --output-file requirements-train.lock
	$(COMPILE) --constraints requirements.lock --extra serve pyproject.toml \
	    --output-file requirements-serve.lock
	$(COMPILE) --constraints requirements.lock --group build --output-file requirements-build.lock
	$(COMPILE) --upgrade --all-extras --group dev --resolution lowest-direct pyproject.toml \
	    --output-file requirements-oldest.lock

# Whether all of the lock has wheels for every Python and system; asks for them, downloads nothing.
PYTHONS := 3.11 3.12 3.13 3.14
SYSTEMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin x86_64-pc-windows-msvc

check-wheels: export MACOSX_DEPLOYMENT_TARGET = 14.0
check-wheels: $(foreach python,$(PYTHONS),$(foreach system,$(SYSTEMS),wheels/$(python)/$(system)))

wheels/%:
	uv pip install --dry-run --quiet --no-deps --require-hashes --only-binary=:all: \
	    --python-version=$(*D) --python-platform=$(*F) --target=build/wheels -r requirements.lock
	@echo "Python $(*D), $(*F): every wheel is there"

# What `genre export --web` puts beside the model, 14 MB of another project: by npm, checked by hash.
web-assets: $(READY)
	$(BIN)/python scripts/fetch_web_assets.py

clean:
	rm -rf .venv .venv-oldest build .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.*
