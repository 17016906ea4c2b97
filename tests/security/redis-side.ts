/** Redis behind a running store, for tests that need it to forget. */
import type { Store } from "../harness/store.ts";

/** Runs one command. @throws Error where Redis refuses it */
async function command<Result>(store: Store, ...parts: readonly string[]): Promise<Result> {
  const { redis, redisToken } = store.endpoints;
  const response = await fetch(redis, {
    method: "POST",
    headers: { authorization: `Bearer ${redisToken}`, "content-type": "application/json" },
    body: JSON.stringify(parts),
  });
  const { result, error } = (await response.json()) as { result: Result; error?: string };
  if (error !== undefined) throw new Error(`${parts[0] ?? ""}: ${error}`);
  return result;
}

export async function forgetKey(store: Store, key: string): Promise<void> {
  await command(store, "DEL", key);
}

export async function valueOf(store: Store, key: string): Promise<string | null> {
  return await command<string | null>(store, "GET", key);
}

export async function setKey(store: Store, key: string, value: string): Promise<void> {
  await command(store, "SET", key, value);
}

/** Forgets every attempt that was counted, as the end of their period does. */
export async function forgetAttempts(store: Store): Promise<void> {
  const keys = await command<string[]>(store, "KEYS", "attempts:*");
  if (keys.length > 0) await command(store, "DEL", ...keys);
}

/**
 * As if so many attempts had been counted a moment ago; they stay for ten minutes, however slow this machine is.
 *
 * @param counter kind and whose, e.g. `guess:network:192.0.2.1`
 */
export async function countAttempts(store: Store, counter: string, count: number): Promise<void> {
  await command(store, "HSET", `attempts:${counter}`, "count", String(count), "window", "of the test");
  await command(store, "EXPIRE", `attempts:${counter}`, "600");
}

export async function attemptsCounted(store: Store, counter: string): Promise<number> {
  return Number(await command<string | null>(store, "HGET", `attempts:${counter}`, "count"));
}
