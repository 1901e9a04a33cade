import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "node_modules/**"],
    pool: "forks",
    // No module keeps anything between two tests: loading them once for each worker saves nearly half of the time.
    isolate: false,
    maxWorkers: "100%",
    testTimeout: 60_000
  }
})
