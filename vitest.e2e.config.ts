import { defineConfig } from "vitest/config"

/** Real servers: one file after the other, in order, with time to build and start them. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    maxConcurrency: 3,
    testTimeout: 120_000,
    hookTimeout: 1_500_000,
    teardownTimeout: 30_000
  }
})
