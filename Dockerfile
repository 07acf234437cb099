# Seaworthy's image: the binary, the libraries that it needs, and nothing else (docs/image.md).
#     docker build --build-arg DEBIAN_DIGEST=sha256:… --build-arg SOURCE=… --tag seaworthy .
ARG DEBIAN_DIGEST=
FROM debian:bookworm-slim${DEBIAN_DIGEST:+@${DEBIAN_DIGEST}} AS build
WORKDIR /src
# The dependencies first: they stay in the layer cache while the source changes.
COPY scripts/deps scripts/deps
RUN scripts/deps --build
COPY . .
RUN make image-root DEPS=--build

FROM scratch
ARG VERSION=
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="Seaworthy" \
      org.opencontainers.image.description="A Kubernetes admission webhook that mends Pods and refuses what cannot be mended" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
COPY --from=build /src/build/image-root/ /
USER 65532:65532
EXPOSE 8443 8080
ENTRYPOINT ["/seaworthy"]
CMD ["serve"]
