/** Decides which of the configured servers a request means. Nothing else can be reached through this server. */
import { DEFAULT_MAX_CONNECTIONS, Upstream } from "./upstream.ts";

const MAX_REMEMBERED_STRINGS = 100;

export type UpstreamChoice =
  | { ok: true; upstream: Upstream }
  | { ok: false; reason: "malformed" | "unknown" }
  | { ok: false; reason: "wrong_password"; user: string };

interface Target {
  address: string;
  user: string;
  database: string;
  password: string;
}

export class AllowedUpstreams {
  readonly #targets: { target: Target; upstream: Upstream }[];
  /** Clients send the same few strings with every request; parsing a URL each time would show in the measurements. */
  readonly #remembered = new Map<string, Upstream>();

  /** Takes Postgres connection URLs. Throws where one is none. */
  constructor(urls: readonly string[], maxConnections = DEFAULT_MAX_CONNECTIONS) {
    this.#targets = urls.map((url) => {
      const target = parseTarget(url);
      if (target === undefined) throw new Error("an upstream is not a Postgres connection URL");
      return { target, upstream: new Upstream(url, maxConnections) };
    });
  }

  /** Chooses by the connection string of an HTTP request. */
  byConnectionString(text: string): UpstreamChoice {
    const remembered = this.#remembered.get(text);
    if (remembered !== undefined) return { ok: true, upstream: remembered };
    const wanted = parseTarget(text);
    if (wanted === undefined) return { ok: false, reason: "malformed" };
    const found = this.#targets.find(
      ({ target }) =>
        target.address === wanted.address &&
        target.user === wanted.user &&
        target.database === wanted.database,
    );
    if (found === undefined) return { ok: false, reason: "unknown" };
    if (found.target.password !== wanted.password)
      return { ok: false, reason: "wrong_password", user: wanted.user };
    if (this.#remembered.size >= MAX_REMEMBERED_STRINGS) this.#remembered.clear();
    this.#remembered.set(text, found.upstream);
    return { ok: true, upstream: found.upstream };
  }

  /** Chooses by the `host:port` of a WebSocket tunnel; there Postgres itself checks user and password. */
  byAddress(address: string): UpstreamChoice {
    const wanted = normaliseAddress(address);
    const found = this.#targets.find(({ target }) => target.address === wanted);
    return found === undefined ? { ok: false, reason: "unknown" } : { ok: true, upstream: found.upstream };
  }

  async close(): Promise<void> {
    await Promise.all(this.#targets.map(({ upstream }) => upstream.close()));
  }
}

function parseTarget(text: string): Target | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (!["postgres:", "postgresql:"].includes(url.protocol) || url.hostname === "" || url.username === "")
    return undefined;
  try {
    return {
      address: normaliseAddress(`${url.hostname}:${url.port === "" ? "5432" : url.port}`),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch {
    // A stray percent sign.
    return undefined;
  }
}

function normaliseAddress(address: string): string {
  return address.replace(/^localhost:/, "127.0.0.1:");
}
