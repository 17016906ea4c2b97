import { describe, expect, it } from "vitest";
import { isolateEnvironment } from "./environment.ts";

function isolated(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  isolateEnvironment(env);
  return env;
}
const LOOPBACK = "localhost,127.0.0.1,::1";

describe("the environment of the local platform", () => {
  it("has no variables of libpq, and every other one", () => {
    expect(
      isolated({ PGSSLMODE: "require", PGOPTIONS: "-c x=y", PGUSER: "ada", PATH: "/bin", PG: "1" }),
    ).toEqual({
      PATH: "/bin",
      PG: "1",
      no_proxy: LOOPBACK,
      NO_PROXY: LOOPBACK,
    });
  });

  it("never turns wrangler to another environment", () => {
    const env = isolated({ CLOUDFLARE_ENV: "production", CLOUDFLARE_INCLUDE_PROCESS_ENV: "true" });
    expect(Object.keys(env)).toEqual(["no_proxy", "NO_PROXY"]);
  });

  it("proxies no loopback, beside what was not to be proxied anyway", () => {
    const env = isolated({ HTTP_PROXY: "http://proxy.example", NO_PROXY: "intranet.example, 127.0.0.1" });
    expect(env).toMatchObject({
      HTTP_PROXY: "http://proxy.example",
      NO_PROXY: "intranet.example,127.0.0.1,localhost,::1",
      no_proxy: "intranet.example,127.0.0.1,localhost,::1",
    });
    expect(isolated({ no_proxy: "*" })).toEqual({ no_proxy: "*" });
  });
});
