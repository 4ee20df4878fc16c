import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,workers,conformance,bench,scripts}/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 30_000,
    // A property test that fails prints the seed with which it can be repeated.
    reporters: process.env["CI"] ? ["dot"] : ["default"],
  },
});
