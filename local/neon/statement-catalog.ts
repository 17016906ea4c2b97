/** Remembers which SQL texts come again and again (worth preparing), and which leave something behind in the session. */

const MAX_TEXTS = 1_000;
/** Longer texts are bulk statements that rarely come twice. */
const MAX_TEXT_LENGTH = 8_192;
const USES_BEFORE_PREPARING = 2;

/**
 * What outlives its statement in a session: settings, temporary tables, locks, open transactions, cursors. A session that saw
 * one of these is not handed to the next request. Too wide a net costs a reconnection, too narrow a one a mystery.
 */
const LEAVES_TRACES =
  /^\s*(set|reset|begin|start|prepare|deallocate|discard|declare|listen|unlisten|lock|load|copy)\b|set_config\s*\(|pg_(try_)?advisory_lock|setseed\s*\(|\b(create|into)\s+(local\s+|global\s+)?temp/i;

export class StatementCatalog {
  readonly #texts = new Map<string, { uses: number; leavesTraces: boolean }>();

  /** Counts one use of a text. Answers whether the session must not be used again after it. */
  noteUse(text: string): { leavesTraces: boolean } {
    const known = this.#texts.get(text);
    if (known !== undefined) {
      known.uses += 1;
      return known;
    }
    const fresh = { uses: 1, leavesTraces: LEAVES_TRACES.test(text) };
    if (text.length > MAX_TEXT_LENGTH) return fresh;
    if (this.#texts.size >= MAX_TEXTS) {
      const [oldest] = this.#texts.keys();
      if (oldest !== undefined) this.#texts.delete(oldest);
    }
    this.#texts.set(text, fresh);
    return fresh;
  }

  /** Whether a text has come often enough, and is harmless enough, to be prepared under a name. */
  isWorthPreparing(text: string): boolean {
    const known = this.#texts.get(text);
    return known !== undefined && known.uses >= USES_BEFORE_PREPARING && !known.leavesTraces;
  }
}
