/** Script flags of the hosted service. */
import { describe, expect, it } from "vitest";
import { scriptSha, ScriptShebangs, withoutHostedFlag, withoutShebang } from "./script-shebang.ts";

describe("withoutHostedFlag", () => {
  it("empties the line where the hosted flag is the only one, so that line numbers stay", () => {
    expect(withoutHostedFlag("#!lua flags=allow-key-locking\nreturn 1")).toBe("\nreturn 1");
    expect(withoutHostedFlag("#!lua flags=allow-key-locking")).toBe("");
  });

  it("keeps flags that Redis knows", () => {
    expect(withoutHostedFlag("#!lua flags=no-writes,allow-key-locking\nreturn 1")).toBe(
      "#!lua flags=no-writes\nreturn 1",
    );
  });

  it.each(["return 1", "#!lua flags=no-writes\nreturn 1", "#!lua\nreturn 1", "-- flags=allow-key-locking"])(
    "leaves %j alone",
    (source) => {
      expect(withoutHostedFlag(source)).toBe(source);
    },
  );
});

describe("withoutShebang", () => {
  it("drops a first line that is not Lua, and only that", () => {
    expect(withoutShebang("#!lua flags=no-writes\nreturn 1")).toBe("\nreturn 1");
    expect(withoutShebang("return #ARGV")).toBe("return #ARGV");
  });
});

describe("ScriptShebangs", () => {
  const source = "#!lua flags=allow-key-locking\nreturn 1";

  it("leads the author's SHA to the engine's, until scripts are flushed", () => {
    const shebangs = new ScriptShebangs();
    const call = ["EVALSHA", scriptSha(source), "0"];
    expect(shebangs.rewrite(call)).toEqual(call);
    expect(shebangs.rewrite(["EVAL", source, "0"])).toEqual(["EVAL", "\nreturn 1", "0"]);
    expect(shebangs.rewrite(call)).toEqual(["EVALSHA", scriptSha("\nreturn 1"), "0"]);
    shebangs.rewrite(["SCRIPT", "FLUSH"]);
    expect(shebangs.rewrite(call)).toEqual(call);
  });

  it("forgets the oldest script beyond a thousand", () => {
    const shebangs = new ScriptShebangs();
    for (let index = 0; index <= 1000; index += 1)
      shebangs.rewrite(["EVAL", `${source} + ${String(index)}`, "0"]);
    const first = ["EVALSHA", scriptSha(`${source} + 0`), "0"];
    const second = ["EVALSHA", scriptSha(`${source} + 1`), "0"];
    expect(shebangs.rewrite(first)).toEqual(first);
    expect(shebangs.rewrite(second)).not.toEqual(second);
  });
});
