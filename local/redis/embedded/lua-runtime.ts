/**
 * Lua (wasmoon) as scripts need it: synchronous, so that a script is one atomic step, and exact in bytes.
 *
 * wasmoon's own conversions cut strings at a zero byte, decode them as UTF-8 and guess between arrays and objects. So only byte
 * strings cross the border, through Lua's C interface; both sides speak RESP.
 */
import { createHash } from "node:crypto";
import { LuaFactory, LuaReturn } from "wasmoon";
import type { BinaryString } from "../reply.ts";
import { LUA_PRELUDE } from "./lua-prelude.ts";

/** A script that runs longer is ended with an error. Redis would only begin to answer BUSY. */
const SCRIPT_TIMEOUT_MS = 5000;
const SCRIPT_MEMORY_BYTES = 128 * 1024 * 1024;
/** Lua instructions between two looks at the clock. */
const INSTRUCTIONS_PER_CHECK = 100_000;
const LUA_MASK_COUNT = 8;
/** `LuaReturn.Ok`, where wasmoon types a status as a plain number. */
const STATUS_OK = 0;
const SIZE_BYTES = 4;

export interface LuaRuntime {
  /** Gives the prelude's runner one input and returns its output, both RESP. Never throws for a script's error. */
  run(input: BinaryString): BinaryString;
  close(): void;
}

/** Boots Lua; `call` answers `redis.call` (RESP array in, RESP reply out) and must not throw. */
export async function startLuaRuntime(call: (command: BinaryString) => BinaryString): Promise<LuaRuntime> {
  const engine = await new LuaFactory().createEngine({
    injectObjects: false,
    enableProxy: false,
    traceAllocations: true,
  });
  engine.global.setMemoryMax(SCRIPT_MEMORY_BYTES);
  const lua = engine.global.lua;
  const module = lua.module;
  const main = engine.global.address;
  const lengthPointer = module._malloc(SIZE_BYTES);
  let deadlineMs = Infinity;

  const push = (state: number, text: BinaryString): void => {
    const bytes = Buffer.from(text, "latin1");
    const pointer = module._malloc(bytes.length + 1);
    module.HEAPU8.set(bytes, pointer);
    lua.lua_pushlstring(state, pointer, bytes.length);
    module._free(pointer);
  };
  const read = (state: number, index: number): BinaryString => {
    const pointer = module.ccall(
      "lua_tolstring",
      "number",
      ["number", "number", "number"],
      [state, index, lengthPointer],
    );
    if (typeof pointer !== "number" || pointer === 0) return "";
    const length = module.getValue(lengthPointer, "i32");
    // The heap moves when it grows: its buffer is taken anew each time.
    return Buffer.from(module.HEAPU8.buffer, pointer, length).toString("latin1");
  };
  const expose = (name: string, answer: (text: BinaryString) => BinaryString): void => {
    const pointer = module.addFunction((state: number) => {
      push(state, answer(read(state, 1)));
      return 1;
    }, "ii");
    lua.lua_pushcclosure(main, pointer, 0);
    lua.lua_setglobal(main, name);
  };
  const watchdog = module.addFunction((state: number) => {
    if (Date.now() <= deadlineMs) return;
    push(state, "ERR script killed: it ran too long");
    lua.lua_error(state);
  }, "vii");

  expose("__host", call);
  expose("__sha1", (text) => createHash("sha1").update(text, "latin1").digest("hex"));
  lua.lua_sethook(main, watchdog, LUA_MASK_COUNT, INSTRUCTIONS_PER_CHECK);
  const booted =
    lua.luaL_loadstring(main, LUA_PRELUDE) === LuaReturn.Ok &&
    lua.lua_pcallk(main, 0, 1, 0, 0, null) === STATUS_OK;
  if (!booted) throw new Error(`the Lua prelude does not load: ${read(main, -1)}`);
  // The runner stays at the bottom of the stack, out of reach of scripts.
  const runnerIndex = lua.lua_gettop(main);

  return {
    run: (input) => {
      deadlineMs = Date.now() + SCRIPT_TIMEOUT_MS;
      lua.lua_pushvalue(main, runnerIndex);
      push(main, input);
      const status = lua.lua_pcallk(main, 1, 1, 0, 0, null);
      const output = read(main, -1);
      lua.lua_settop(main, runnerIndex);
      deadlineMs = Infinity;
      // Only the runner itself can fail here (out of memory, out of time).
      return status === STATUS_OK ? output : `-${output.startsWith("ERR ") ? "" : "ERR "}${output}\r\n`;
    },
    close: () => {
      engine.global.close();
    },
  };
}
