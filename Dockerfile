# `genre serve` in a container: builder (dependencies), trainer (a model, where there is none), runtime.
#
#   docker build --build-arg TORCH_INDEX=… --tag genre .
#
# TORCH_INDEX is the address of a package index that has the CPU builds of torch and torchaudio, as
# PyTorch's installation page names it. It has no default: the ordinary builds carry CUDA, 5 GB of it.
ARG PYTHON_VERSION=3.11
ARG DEBIAN=bookworm

FROM python:${PYTHON_VERSION}-slim-${DEBIAN} AS builder
ARG TORCH_INDEX
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# Into an environment without pip, so that the runtime, which gets a copy, has none either.
RUN : "${TORCH_INDEX:?must be given: --build-arg TORCH_INDEX=<an index with the CPU builds of torch>}" && \
    python -m venv --without-pip /opt/genre
COPY requirements.lock requirements-serve.lock ./
# From the index of torch comes torch alone; what it needs is in the lock, with hashes.
RUN pip --python /opt/genre/bin/python install --no-deps --require-hashes \
        --requirement requirements-serve.lock && \
    pip --python /opt/genre/bin/python install --no-deps --index-url "${TORCH_INDEX}" \
        "$(grep --only-matching --extended-regexp '^torch==[0-9.]+' requirements.lock)" && \
    pip --python /opt/genre/bin/python check

FROM builder AS trainer
ARG TORCH_INDEX
ARG GENRE_BUNDLE=results/best
ENV PATH=/opt/genre/bin:$PATH
# Tracks in M4A, WMA and the like are read through ffmpeg.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg && \
    rm -rf /var/lib/apt/lists/*
COPY requirements-train.lock ./
RUN pip --python /opt/genre/bin/python install --no-deps --require-hashes \
        --requirement requirements-train.lock && \
    pip --python /opt/genre/bin/python install --no-deps --index-url "${TORCH_INDEX}" \
        "$(grep --only-matching --extended-regexp '^torchaudio==[0-9.]+' requirements.lock)" && \
    pip --python /opt/genre/bin/python check
COPY pyproject.toml README.md LICENSE ./
COPY genre genre
RUN pip --python /opt/genre/bin/python wheel --no-deps --no-build-isolation --wheel-dir /wheel . && \
    pip --python /opt/genre/bin/python install --no-deps /wheel/*.whl
COPY scripts/train_if_needed.py scripts/
COPY results results
# The tracks are looked at, not copied into a layer; what training writes beside them is not kept.
# The script reads GENRE_BUNDLE: a build argument is in the environment of what runs.
RUN --mount=type=bind,source=data,target=/src/data,readwrite \
    python scripts/train_if_needed.py && \
    cp -r "${GENRE_BUNDLE}" /bundle

FROM python:${PYTHON_VERSION}-slim-${DEBIAN} AS runtime
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin genre
COPY --from=builder /opt/genre /opt/genre
RUN --mount=type=bind,from=trainer,source=/wheel,target=/wheel \
    pip --python /opt/genre/bin/python install --no-deps --no-cache-dir /wheel/*.whl
COPY --from=trainer /bundle /bundle
USER 10001
ENV PATH=/opt/genre/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["genre"]
CMD ["serve", "/bundle", "--host", "0.0.0.0", "--port", "8000"]
