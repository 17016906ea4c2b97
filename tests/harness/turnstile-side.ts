/** The Turnstile stand-in as tests use it: tokens without a browser, and what widgets and siteverify do. */
import type { ChallengeAction } from "../../src/domain/challenge.ts";
import type { Endpoints } from "../../local/orchestration/endpoints.ts";

/** What asks for a person's proof whenever it is called; placing an order asks during a drop only. */
const CHALLENGED: ReadonlyMap<string, ChallengeAction> = new Map([
  ["/api/auth/sign-up/email", "sign_up"],
  ["/account/sign-up", "sign_up"],
  ["/api/orders/lookup", "order_lookup"],
  ["/orders/find", "order_lookup"],
]);

export interface TokenWish {
  readonly action: ChallengeAction;
  /** Where it was solved; on the store's own pages where nothing is said. */
  readonly hostname?: string;
  readonly ageSeconds?: number;
}

export interface Mood {
  readonly widget?: "pass" | "block" | "interactive";
  readonly siteverify?: "up" | "failing" | "slow";
}

export class TurnstileSide {
  readonly #endpoints: () => Endpoints;

  constructor(endpoints: () => Endpoints) {
    this.#endpoints = endpoints;
  }

  /** A token that a widget on the store's pages would have made. */
  async token({ action, hostname, ageSeconds = 0 }: TokenWish): Promise<string> {
    const { store } = this.#endpoints();
    const made = await this.#post("/_standin/tokens", {
      action,
      hostname: hostname ?? new URL(store).hostname,
      ageSeconds,
    });
    return (made as { token: string }).token;
  }

  /**
   * The body as a person's browser sends it: with a token where one will be asked for and none is in it (an empty one is one).
   * Tests of other things need not know of challenges.
   */
  async proven(method: string, path: string, body: unknown): Promise<unknown> {
    const action = CHALLENGED.get(new URL(path, "http://store").pathname);
    if (method !== "POST" || action === undefined) return body;
    if (body instanceof URLSearchParams) {
      if (body.has("cf-turnstile-response") || body.has("waitTicket")) return body;
      const fields = new URLSearchParams(body);
      fields.set("cf-turnstile-response", await this.token({ action }));
      return fields;
    }
    const json = typeof body === "string" ? jsonObject(body) : null;
    if (json === null || "turnstileToken" in json) return body;
    return JSON.stringify({ ...json, turnstileToken: await this.token({ action }) });
  }

  async mood(mood: Mood): Promise<void> {
    await this.#post("/_standin/mood", mood);
  }

  async reset(): Promise<void> {
    await this.#post("/_standin/reset", {});
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const url = new URL(path, this.#endpoints().turnstile);
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
    return await response.json();
  }
}

/** A text's JSON object, or null where it is none: bad input stays as bad as the test made it. */
function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
