# eventapp in one image: `docker build -t eventapp .` and
# `docker run -p 8000:8000 -v eventapp:/data eventapp`, which serves everything from one process.
# compose.yaml runs the same image as web, live and worker.

FROM python:3.13-slim-bookworm AS packages
RUN pip install --no-cache-dir uv
COPY requirements.txt .
RUN uv venv /venv && uv pip install --no-cache --compile-bytecode --python /venv -r requirements.txt

FROM python:3.13-slim-bookworm
# Pillow joins Arabic letters, and places others, only where FriBiDi is.
RUN apt-get update && apt-get install --yes --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app eventapp \
    && install --directory --owner eventapp /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY config.py ./
COPY eventapp eventapp
COPY templates templates
COPY migrations migrations
RUN /venv/bin/python -m compileall -q config.py eventapp

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    INSTANCE_DIR=/data \
    DEMO=false
USER eventapp
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "eventapp", "run"]
