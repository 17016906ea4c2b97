/** Asks for suggestions to what was typed: one request at a time, answers remembered for a while. */
import type { SearchAnswer } from "../../src/contracts/search.ts";

/** Suggestions shown at once. */
const LIMIT = 6;
const TIMEOUT_MS = 6_000;
/** Answers remembered, so that deleting a letter shows the former ones at once. */
const MAX_REMEMBERED = 40;

export interface Suggestions {
  /** @returns null where a newer request took over or no answer could be had */
  ask(text: string): Promise<SearchAnswer | null>;
  /** Gives up the request under way. */
  stop(): void;
}

export function createSuggestions(): Suggestions {
  const remembered = new Map<string, SearchAnswer>();
  let current: AbortController | null = null;
  const stop = () => {
    current?.abort();
    current = null;
  };
  return {
    stop,
    async ask(text) {
      stop();
      const known = remembered.get(text);
      if (known !== undefined) return known;
      const controller = new AbortController();
      current = controller;
      const answer = await fetchAnswer(text, controller.signal);
      if (answer === null || controller.signal.aborted) return null;
      const oldest = remembered.keys().next();
      if (remembered.size >= MAX_REMEMBERED && oldest.done !== true) remembered.delete(oldest.value);
      remembered.set(text, answer);
      return answer;
    },
  };
}

async function fetchAnswer(text: string, signal: AbortSignal): Promise<SearchAnswer | null> {
  const query = new URLSearchParams({ q: text, limit: String(LIMIT) });
  try {
    const response = await fetch(`/api/search?${query.toString()}`, {
      credentials: "same-origin",
      headers: { accept: "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return response.ok ? ((await response.json()) as SearchAnswer) : null;
  } catch {
    // Offline, too slow, or overtaken: suggestions are an offer, the form itself still works.
    return null;
  }
}
