# One file for every process: --build-arg SERVICE=services/ledger, packages/tpaga-sandbox, tools ...
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# What names the dependencies comes first: as long as it stays, so does the layer that installs them.
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/contracts/package.json packages/contracts/
COPY packages/messaging/package.json packages/messaging/
COPY packages/service/package.json packages/service/
COPY packages/tpaga-sandbox/package.json packages/tpaga-sandbox/
COPY services/api-gateway/package.json services/api-gateway/
COPY services/carrier-adapter/package.json services/carrier-adapter/
COPY services/ledger/package.json services/ledger/
COPY tools/package.json tools/
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY services services
COPY tools tools
RUN node_modules/.bin/tsc -b

FROM build AS service
ARG SERVICE
RUN npm ci --omit=dev --ignore-scripts --prefer-offline --workspace "${SERVICE}"

FROM ${NODE_IMAGE}
ARG SERVICE
ENV NODE_ENV=production
WORKDIR /app
COPY catalogue.json ./
COPY --from=service /app/node_modules node_modules
COPY --from=service /app/packages packages
COPY --from=service /app/${SERVICE} ${SERVICE}
ENV CATALOGUE_PATH=/app/catalogue.json HOST=0.0.0.0
USER node
WORKDIR /app/${SERVICE}
# No npm in between, so that the process itself gets the signals.
CMD ["node", "--max-semi-space-size=8", "dist/main.js"]
