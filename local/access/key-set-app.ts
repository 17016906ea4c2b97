/** The public keys where Access serves them, for the Worker's JWT check. */
import { Hono } from "hono";
import { loadSigningKey } from "./signing-key.ts";

export const KEY_SET_PATH = "/cdn-cgi/access/certs";

/** A Hono app with `GET /cdn-cgi/access/certs`; mount it at the root of the server that is the issuer. */
export function createKeySetApp(stateDirectory: string): Hono {
  const app = new Hono();
  app.get(KEY_SET_PATH, async (c) => {
    const { publicJwk } = await loadSigningKey(stateDirectory);
    return c.json({ keys: [publicJwk] });
  });
  return app;
}
