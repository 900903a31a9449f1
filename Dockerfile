# One file for every process: --build-arg SERVICE=services/ledger, packages/tpaga-sandbox, apps/stack ...
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# The dependency manifests alone: as long as they stay the same, so does the layer that installs them.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages packages
COPY services services
COPY apps apps
COPY lab lab
COPY web web
RUN find packages services apps lab web -type f ! -name package.json -delete \
 && find packages services apps lab web -type d -empty -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY services services
COPY apps apps
COPY lab lab
COPY web web
RUN npm run --silent build

FROM ${NODE_IMAGE} AS dependencies
ARG SERVICE
WORKDIR /app
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
    npm ci --omit=dev --ignore-scripts --prefer-offline --workspace "${SERVICE}"

# The operator's commands and the ledger's programs that they start, with age and rclone for backups:
#   docker build --target operations --build-arg SERVICE=apps/ops -t recargas/operations .
FROM ${NODE_IMAGE} AS operations
RUN apt-get update && apt-get install --yes --no-install-recommends age ca-certificates rclone \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /backups
ENV NODE_ENV=production
WORKDIR /app
COPY catalogue.json ./
COPY --from=dependencies /app ./
COPY --from=build /app/packages packages
COPY --from=build /app/services/ledger services/ledger
COPY --from=build /app/apps/stack apps/stack
COPY --from=build /app/apps/ops apps/ops
ARG REVISION=
ENV BUILD_COMMIT=${REVISION} CATALOGUE_PATH=/app/catalogue.json
USER node
WORKDIR /app/apps/ops
ENTRYPOINT ["node", "dist/main.js"]

FROM ${NODE_IMAGE}
ARG SERVICE
ENV NODE_ENV=production
WORKDIR /app
COPY catalogue.json ./
COPY --from=dependencies /app ./
COPY --from=build /app/packages packages
COPY --from=build /app/web/dist web/dist
COPY --from=build /app/${SERVICE} ${SERVICE}
ENV CATALOGUE_PATH=/app/catalogue.json HOST=0.0.0.0
USER node
WORKDIR /app/${SERVICE}
# A release says which build it is: docs/releasing.md.
ARG VERSION=0.0.0
ARG REVISION=
ARG CREATED=
ENV BUILD_COMMIT=${REVISION}
LABEL org.opencontainers.image.title="recargas" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# Any answer means that the process lives. Whether it may be sent work is /ready, which docker-compose.yml asks.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ <&3"]
# No npm in between, so that the process itself gets the signals.
# The heap grows by 40 % of what lives in it, not by 300 %: less memory for little CPU (docs/performance.md).
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=40", "dist/main.js"]
