/**
 * The stand-in for the platform's cache where there is none (`wrangler dev`, Miniflare, tests): the same semantics in the
 * isolate's memory (docs/decisions/0010). A fresh copy is answered without the Worker's code; a stale one too, while one
 * request behind it makes a new one; of several requests for what is not there one does the work.
 */
import { answer, confirmed, passedOn, stored, type CacheStatus, type StoredAnswer } from "./stored-answer.ts";

/** Answers kept at most, and their bytes; beyond either the one kept longest goes. */
const MAX_ENTRIES = 2_000;
const MAX_BYTES = 48_000_000;
/** Addresses longer than this are not kept. */
const MAX_KEY_CHARACTERS = 2_000;
/** How long a request waits for another one that makes the same answer: that one may have been cancelled. */
const FOLLOW_MS = 1_000;
/** How often: what it made may have been dropped before it was kept, and then one of those who waited is the next. */
const FOLLOW_ROUNDS = 2;
/** After this nobody counts on a request that makes an answer any more. */
const FILL_TIMEOUT_MS = 5_000;
/** Paths whose answers turned out to be nobody else's; nobody waits for another's answer there. */
const MAX_PERSONAL_PATHS = 1_000;

const TOO_MANY_REQUESTS = 429;

export type Handler = (request: Request) => Response | Promise<Response>;

export interface StandInOptions {
  /** Epoch ms. */
  readonly clock: () => number;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
  readonly followMs?: number;
}

interface Fill {
  readonly startedAt: number;
  /** What was dropped since it began: an answer that bears one of these tags may show what was before. */
  readonly dropped: Set<string>;
  droppedAll: boolean;
  /** Ends when the answer is kept, or known not to be. Never fails. */
  done: Promise<void>;
}

export class StandIn {
  readonly #clock: () => number;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #followMs: number;
  readonly #entries = new Map<string, StoredAnswer>();
  readonly #fills = new Map<string, Fill>();
  readonly #personalPaths = new Set<string>();
  #bytes = 0;

  constructor({
    clock,
    maxEntries = MAX_ENTRIES,
    maxBytes = MAX_BYTES,
    followMs = FOLLOW_MS,
  }: StandInOptions) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#followMs = followMs;
  }

  /**
   * @param handle the Worker itself; called only where no copy may answer
   * @param waitUntil keeps work alive beyond the reply
   * @throws what `handle` threw, where no copy can stand in for its answer
   */
  async serve(
    request: Request,
    handle: Handler,
    waitUntil: (work: Promise<unknown>) => void,
  ): Promise<Response> {
    const key = keyOf(request);
    if (key === null) return handle(request);
    const known = this.#entries.get(key);
    const now = this.#clock();
    if (known !== undefined && now < known.freshUntil) return answer(known, request, "HIT", now);
    if (known !== undefined && now < known.staleUntil) {
      if (this.#runningFill(key) === null) {
        // Its failure is the Worker's to report; the copy stays until its time is over.
        waitUntil(this.#fill(key, request, handle, known).catch(() => undefined));
      }
      return answer(known, request, "UPDATING", now);
    }
    for (let round = 0; round < FOLLOW_ROUNDS; round += 1) {
      const running = this.#personalPaths.has(pathOf(key)) ? null : this.#runningFill(key);
      if (running === null) break;
      await endsWithin(running.done, this.#followMs);
      const made = this.#entries.get(key);
      if (made !== undefined && this.#clock() < made.staleUntil) {
        return answer(made, request, "HIT", this.#clock());
      }
    }
    const work = this.#fill(key, request, handle, known ?? null);
    waitUntil(work.catch(() => undefined));
    return await work;
  }

  /** Drops every answer that bears one of the tags: the next request for it waits for a new one. */
  purge(tags: readonly string[]): void {
    for (const [key] of this.#bearers(tags)) this.#remove(key);
    for (const fill of this.#fills.values()) for (const tag of tags) fill.dropped.add(tag);
  }

  /** Makes every answer that bears one of the tags stale: still served, while the Worker is asked whether it holds. */
  invalidate(tags: readonly string[]): void {
    for (const [key, entry] of this.#bearers(tags)) {
      this.#entries.set(key, { ...entry, freshUntil: Math.min(entry.freshUntil, this.#clock()) });
    }
    for (const fill of this.#fills.values()) for (const tag of tags) fill.dropped.add(tag);
  }

  purgeEverything(): void {
    this.#entries.clear();
    this.#bytes = 0;
    for (const fill of this.#fills.values()) fill.droppedAll = true;
  }

  #bearers(tags: readonly string[]): [string, StoredAnswer][] {
    const wanted = new Set(tags);
    return [...this.#entries].filter(([, entry]) => entry.tags.some((tag) => wanted.has(tag)));
  }

  #runningFill(key: string): Fill | null {
    const fill = this.#fills.get(key);
    return fill !== undefined && this.#clock() - fill.startedAt < FILL_TIMEOUT_MS ? fill : null;
  }

  /** Has the Worker make the answer, or confirm the former one; keeps what may be kept. */
  async #fill(
    key: string,
    request: Request,
    handle: Handler,
    former: StoredAnswer | null,
  ): Promise<Response> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const fill: Fill = {
      startedAt: this.#clock(),
      dropped: new Set(),
      droppedAll: false,
      done: promise,
    };
    this.#fills.set(key, fill);
    try {
      const response = await handle(toTheWorker(request, former));
      return await this.#settled(key, request, response, former, fill);
    } finally {
      if (this.#fills.get(key) === fill) this.#fills.delete(key);
      resolve(undefined);
    }
  }

  async #settled(
    key: string,
    request: Request,
    response: Response,
    former: StoredAnswer | null,
    fill: Fill,
  ): Promise<Response> {
    const now = this.#clock();
    if (response.status === 304 && former !== null) {
      const same = confirmed(former, response, now);
      this.#keep(key, same, fill);
      return answer(same, request, "REVALIDATED", now);
    }
    const made = await stored(response, now);
    if (made !== null) {
      this.#keep(key, made, fill);
      const status: CacheStatus = former === null ? "MISS" : "EXPIRED";
      return answer(made, request, status, now);
    }
    // A server in trouble, or a visitor who asks too much, says nothing about the copy; any other answer takes its place.
    if (response.status < 500 && response.status !== TOO_MANY_REQUESTS) {
      this.#remove(key);
      this.#rememberPersonal(pathOf(key));
    }
    return passedOn(response);
  }

  #keep(key: string, made: StoredAnswer, fill: Fill): void {
    this.#remove(key);
    if (fill.droppedAll || made.tags.some((tag) => fill.dropped.has(tag))) return;
    this.#personalPaths.delete(pathOf(key));
    this.#entries.set(key, made);
    this.#bytes += made.body.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.body.byteLength;
  }

  #rememberPersonal(path: string): void {
    if (this.#personalPaths.size >= MAX_PERSONAL_PATHS) this.#personalPaths.clear();
    this.#personalPaths.add(path);
  }
}

/** Host, path and query; null for a request that no copy may answer. */
function keyOf(request: Request): string | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  if (request.headers.has("authorization")) return null;
  const { url } = request;
  return url.length > MAX_KEY_CHARACTERS ? null : url.slice(url.indexOf("//"));
}

function pathOf(key: string): string {
  const query = key.indexOf("?");
  return query < 0 ? key : key.slice(0, query);
}

/** What the Worker is asked: always for the whole answer, unless the former one still holds. */
function toTheWorker(request: Request, former: StoredAnswer | null): Request {
  const conditional = request.headers.has("if-none-match") || request.headers.has("if-modified-since");
  const etag = former?.etag ?? null;
  if (request.method === "GET" && !conditional && etag === null) return request;
  const headers = new Headers(request.headers);
  headers.delete("if-none-match");
  headers.delete("if-modified-since");
  if (etag !== null) headers.set("if-none-match", etag);
  return new Request(request, { method: "GET", headers });
}

async function endsWithin(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
