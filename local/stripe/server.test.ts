/** How large a request may be. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmulator } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { DEFAULT_SECRET_KEY } from "./server.ts";

const MANY = "x".repeat(300 * 1024);

let emulator: UnderTest;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

function post(body: RequestInit["body"]): Promise<Response> {
  const headers = {
    authorization: `Bearer ${DEFAULT_SECRET_KEY}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const init = { method: "POST", headers, body, duplex: "half" };
  return fetch(`${emulator.url}/v1/customers`, init as RequestInit);
}

/** Without a length: such a body is sent in chunks. */
function streamOf(text: string): ReadableStream {
  return new Blob([text]).stream();
}

it.each([
  ["with a length", (text: string) => text],
  ["in chunks", streamOf],
])("takes a body %s up to the limit, and refuses a larger one with 413", async (_how, bodyOf) => {
  const taken = await post(bodyOf("description=small"));
  expect(await taken.json()).toMatchObject({ object: "customer", description: "small" });
  const refused = await post(bodyOf(`description=${MANY}`));
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({
    error: { message: expect.stringContaining("262144") as string },
  });
});
