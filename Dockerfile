FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that the operator needs has an install script; none shall run.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY src src
USER node
ENTRYPOINT ["node", "src/main.ts"]
