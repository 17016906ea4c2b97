import { defineConfig } from "vitest/config";
import { cloudflareTest } from "@cloudflare/vitest-plugin";

/** Two kinds of tests: `node` (pure rules, the local platform, journeys on the running store) and `workerd` (objects, queues and handlers inside the real runtime). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: [
            "src/domain/**/*.test.ts",
            "src/contracts/**/*.test.ts",
            "local/**/*.test.ts",
            "web/**/*.node.test.ts",
            "src/**/*.node.test.ts",
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
          }),
        ],
        test: {
          name: "workerd",
          include: ["src/{adapters,durable-objects,queues,worker}/**/*.test.{ts,tsx}", "web/**/*.test.tsx"],
          exclude: ["src/**/*.node.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "journeys",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/verify/**"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
