# convtool as an image: docker build -t convtool . && docker run --rm -v "$PWD:/data" convtool validate payloads/
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/dist,target=/dist \
    pip install --no-cache-dir /dist/*.whl && useradd --create-home --uid 10001 convtool
USER 10001
WORKDIR /data
ENTRYPOINT ["convtool"]
CMD ["--help"]
