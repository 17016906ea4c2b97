/**
 * The cache in front of the Worker: the platform's (`[cache]` in wrangler.toml), which answers before any of this code
 * runs, or where the platform has none a stand-in with the same semantics. Both drop answers by tag.
 */
import { cache as platformCache } from "cloudflare:workers";
import { StandIn, type Handler } from "./stand-in.ts";

/** What is dropped more often than this waits for the next second: a rush must not cost a page its cache. */
const DROP_EVERY_MS = 1_000;
/**
 * How long copies behind the pages (the catalog of other isolates, figures at the edge) may still be what they were when a
 * page is dropped. A page made from one of them in this time is looked at again after it.
 */
const SETTLE_MS = 1_500;
/** Tags whose last drop is remembered; beyond it all are forgotten, and dropped once more than needed. */
const MAX_REMEMBERED_TAGS = 5_000;

export interface EdgeCacheOptions {
  /** Epoch ms. */
  readonly clock: () => number;
  /** Keeps work alive beyond the reply. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly delay: (ms: number) => Promise<void>;
  /** Is told of a drop that failed: the answers then live as long as they say. */
  readonly report: (error: unknown) => void;
}

/** The part of an execution context that tells whether the platform has a cache here. */
export interface CacheDetection {
  readonly cache?: unknown;
  waitUntil(work: Promise<unknown>): void;
}

export class EdgeCache {
  readonly #options: EdgeCacheOptions;
  readonly #standIn: StandIn;
  /** When a tag was, or is about to be, dropped, epoch ms. */
  readonly #dropAt = new Map<string, number>();
  #hasPlatform = false;

  constructor(options: EdgeCacheOptions) {
    this.#options = options;
    this.#standIn = new StandIn({ clock: options.clock });
  }

  /** Every handler of the Worker says first where it runs. */
  detect({ cache }: Pick<CacheDetection, "cache">): void {
    this.#hasPlatform = cache !== undefined;
  }

  /** Answers from a copy where one may; the platform has looked already where it has a cache. */
  serve(request: Request, ctx: CacheDetection, handle: Handler): Response | Promise<Response> {
    this.detect(ctx);
    if (this.#hasPlatform) return handle(request);
    return this.#standIn.serve(request, handle, (work) => ctx.waitUntil(work));
  }

  /**
   * Drops every answer that bears one of the tags, each tag at most once a second: one that was dropped a moment ago is
   * dropped again when its second is over. Never throws; answers when what is due now is dropped.
   */
  async drop(tags: readonly string[]): Promise<void> {
    const now = this.#options.clock();
    if (this.#dropAt.size > MAX_REMEMBERED_TAGS) this.#dropAt.clear();
    const due: string[] = [];
    for (const tag of new Set(tags)) {
      const waitMs = (this.#dropAt.get(tag) ?? -Infinity) + DROP_EVERY_MS - now;
      // Above one second: its next drop is on its way already, and will be about this change too.
      if (waitMs > DROP_EVERY_MS) continue;
      this.#dropAt.set(tag, now + Math.max(0, waitMs));
      if (waitMs <= 0) due.push(tag);
      else this.#later(waitMs, () => this.#purge([tag]));
    }
    await this.#purge(due);
  }

  /** Drops all there is: for changes of which it is not known what they touch. Never throws. */
  async dropEverything(): Promise<void> {
    await this.#attempt(
      () => platformCache.purge({ purgeEverything: true }),
      () => this.#standIn.purgeEverything(),
    );
  }

  async #purge(tags: string[]): Promise<void> {
    if (tags.length === 0) return;
    this.#later(SETTLE_MS, () => this.#doubt(tags));
    await this.#attempt(
      () => platformCache.purge({ tags }),
      () => this.#standIn.purge(tags),
    );
  }

  #later(ms: number, work: () => Promise<void>): void {
    this.#options.waitUntil(this.#options.delay(ms).then(work));
  }

  /** What was made meanwhile is most likely right: it goes on serving while the Worker confirms it by 304. */
  async #doubt(tags: string[]): Promise<void> {
    await this.#attempt(
      () => platformCache.invalidate({ tags }),
      () => this.#standIn.invalidate(tags),
    );
  }

  async #attempt(onPlatform: () => Promise<CachePurgeResult>, onStandIn: () => void): Promise<void> {
    if (!this.#hasPlatform) {
      onStandIn();
      return;
    }
    try {
      const { success, errors } = await onPlatform();
      if (!success) throw new Error(`the platform's cache refused: ${JSON.stringify(errors)}`);
    } catch (error) {
      this.#options.report(error);
    }
  }
}
