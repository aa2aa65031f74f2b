# `genre serve` in a container:
#
#   docker build --tag genre .
#
# Stages: ffmpeg (the decoders that are needed), builder (dependencies and the package), trainer (a
# model, where there is none), runtime. Torch is only installed to train, with CUDA (5 GB) unless
# TORCH_INDEX is the address of a package index with the CPU builds of torch and torchaudio.
ARG PYTHON_VERSION=3.11
ARG DEBIAN=bookworm

# Debian's ffmpeg brings 190 packages, 570 MB. Built from Debian's source with nothing but what
# genre/audio/readers/ffprobe.py lets in, it is 7 MB (LGPL 2.1 or later, no GPL parts), and what an
# upload can reach is as small.
FROM python:${PYTHON_VERSION}-slim-${DEBIAN} AS ffmpeg
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
# hadolint ignore=DL3008
RUN find /etc/apt \( -name '*.sources' -o -name sources.list \) -exec sed --in-place --regexp-extended \
        's/^Types: deb$/Types: deb deb-src/; s/^deb (.+)$/deb \1\ndeb-src \1/' {} + && \
    apt-get update && \
    apt-get install --yes --no-install-recommends build-essential dpkg-dev nasm zlib1g-dev && \
    apt-get source ffmpeg && mv ffmpeg-*/ ffmpeg && rm -rf /var/lib/apt/lists/*
WORKDIR /src/ffmpeg
RUN ./configure --toolchain=hardened --disable-everything --disable-autodetect --disable-network \
        --disable-debug --disable-doc --disable-ffplay --disable-avdevice --disable-swscale \
        --disable-postproc --enable-zlib --enable-protocol=file,pipe,subfile \
        --enable-demuxer=aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,iff,matroska,mov,mpc,mpc8 \
        --enable-demuxer=ogg,shorten,tak,tta,w64,wav,wv \
        --enable-parser=aac,ac3,amr,dca,flac,gsm,mpegaudio,opus,tak,vorbis \
        --enable-decoder=aac,ac3,adpcm_g722,adpcm_g726,adpcm_g726le,adpcm_ima_qt,adpcm_ima_wav \
        --enable-decoder=adpcm_ms,alac,als,amrnb,amrwb,ape,dca,dsd_lsbf,dsd_lsbf_planar,dsd_msbf \
        --enable-decoder=dsd_msbf_planar,eac3,flac,gsm,gsm_ms,mace3,mace6,mp1float,mp2float,mp3float \
        --enable-decoder=mpc7,mpc8,opus,pcm_alaw,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw \
        --enable-decoder=pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s8,pcm_u8 \
        --enable-decoder=qdm2,qdmc,shorten,speex,tak,tta,vorbis,wavpack,wmalossless,wmapro,wmav1 \
        --enable-decoder=wmav2,wmavoice \
        --enable-filter=abuffer,abuffersink,aformat,anull,aresample \
        --enable-encoder=pcm_f32le --enable-muxer=pcm_f32le && \
    make --jobs="$(nproc)" ffmpeg ffprobe && \
    install ffmpeg ffprobe /usr/local/bin/

FROM python:${PYTHON_VERSION}-slim-${DEBIAN} AS builder
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Into an environment without pip, so that the runtime, which gets a copy, has none either.
COPY requirements-serve.lock ./
RUN python -m venv --without-pip /opt/genre && \
    pip --python /opt/genre/bin/python install --no-deps --require-hashes \
        --requirement requirements-serve.lock && \
    pip --python /opt/genre/bin/python check
COPY requirements-build.lock ./
RUN pip install --no-deps --require-hashes --requirement requirements-build.lock && pip check
COPY pyproject.toml README.md LICENSE ./
COPY genre genre
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM builder AS trainer
ARG TORCH_INDEX
ARG GENRE_BUNDLE=results/best
ENV PATH=/opt/genre/bin:$PATH
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffprobe /usr/local/bin/
RUN pip --python /opt/genre/bin/python install --no-deps /wheel/*.whl
COPY requirements.lock requirements-train.lock ./
COPY scripts/train_if_needed.py scripts/
COPY results results
# The tracks are looked at, not copied into a layer; what training writes beside them is not kept.
# The script reads GENRE_BUNDLE: a build argument is in the environment of what runs.
RUN --mount=type=bind,source=data,target=/src/data,readwrite \
    if [ -z "$(ls --almost-all "${GENRE_BUNDLE}" 2>/dev/null)" ]; then \
        if [ -z "${TORCH_INDEX:-}" ]; then \
            pip --python /opt/genre/bin/python install --no-deps --require-hashes \
                --requirement requirements.lock; \
        else \
            pip --python /opt/genre/bin/python install --no-deps --require-hashes \
                --requirement requirements-train.lock && \
            pip --python /opt/genre/bin/python install --no-deps --index-url "${TORCH_INDEX}" \
                "$(grep --only-matching --extended-regexp '^torch==[0-9.]+' requirements.lock)" && \
            pip --python /opt/genre/bin/python install --no-deps --index-url "${TORCH_INDEX}" \
                "$(grep --only-matching --extended-regexp '^torchaudio==[0-9.]+' requirements.lock)"; \
        fi && \
        pip --python /opt/genre/bin/python check; \
    fi && \
    python scripts/train_if_needed.py && \
    cp -r "${GENRE_BUNDLE}" /bundle

FROM python:${PYTHON_VERSION}-slim-${DEBIAN} AS runtime
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin genre
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffprobe /usr/local/bin/
COPY --from=builder /opt/genre /opt/genre
# Copied, not mounted: buildah would not notice that a mounted wheel is another one.
COPY --from=builder /wheel /wheel
RUN pip --python /opt/genre/bin/python install --no-deps --no-cache-dir /wheel/*.whl
COPY --from=trainer /bundle /bundle
USER 10001
ENV PATH=/opt/genre/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["genre"]
CMD ["serve", "/bundle", "--host", "0.0.0.0", "--port", "8000"]
