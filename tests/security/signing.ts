/** The running store's signing keys, for rights that otherwise only an e-mail would bring. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSigningKeys, type SigningKeys } from "../../src/adapters/signing/index.ts";
import type { Store } from "../harness/store.ts";

/** What the platform wrote for its Worker. */
const VARIABLES_FILE = "worker.vars";

/** As wrangler.toml has them. */
const ONE_EPOCH = "1:v1:n2:4";

/** @throws Error where the store's variables name no keys */
export function signingKeysOf(store: Store): SigningKeys {
  const text = readFileSync(join(store.place.stateDirectory, VARIABLES_FILE), "utf8");
  const written = /^SIGNING_KEYS=(.*)$/m.exec(text)?.[1] ?? "";
  return parseSigningKeys(written.replace(/^"(.*)"$/, "$1"), ONE_EPOCH);
}
