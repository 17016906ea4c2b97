/** Secrets are bindings and nothing else, and what the platform logs by itself has none in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { OPTIONAL_SECRET_NAMES, SECRET_NAMES } from "./secret-names.ts";

const text = (name: string) => readFileSync(join(PROJECT_DIRECTORY, name), "utf8");

describe("a secret", () => {
  it("has no value in any file of the project", () => {
    const wrangler = text("wrangler.toml");
    for (const name of [...SECRET_NAMES, ...OPTIONAL_SECRET_NAMES]) {
      expect(wrangler).not.toMatch(new RegExp(`^\\s*${name}\\s*=`, "m"));
    }
    const example = parseEnv(text(".dev.vars.example"));
    expect(Object.keys(example)).toEqual(expect.arrayContaining([...SECRET_NAMES]));
    expect(Object.values(example).filter((value) => value !== "")).toEqual([]);
  });
});

describe("the platform's own logs", () => {
  it("do not keep the addresses of requests, which bear tokens", () => {
    const wrangler = text("wrangler.toml");
    expect(wrangler).toMatch(/^\[observability\.logs\]\nenabled = true\ninvocation_logs = false$/m);
    expect(wrangler).toMatch(/^\[observability\.traces\]\nenabled = false$/m);
  });
});
