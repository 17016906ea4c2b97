/** A person without a pointer: goes through a page by Tab, sees where the focus is, and complains where that cannot be seen. */
import type { Page } from "playwright-core";
import { finishAnimations, focusedNow, type FocusStop } from "./in-page.ts";

/** No page has so many stops; a search for one ends here. */
const MAX_STOPS = 250;
/** The card form's own fields, of which we see the frame alone. */
const MAX_STOPS_IN_FRAME = 20;

export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The next stop. @throws Error where the focus cannot be seen there */
  async tab(): Promise<FocusStop> {
    const stop = await this.#next();
    if (stop.problem !== null)
      throw new Error(`${this.#page.url()}: "${stop.name}" (${stop.path}): ${stop.problem}`);
    return stop;
  }

  /** Goes on until something with this name has the focus. @throws Error that tells where it came by where there is none */
  async tabTo(name: RegExp): Promise<FocusStop> {
    const passed: string[] = [];
    for (let stops = 0; stops < MAX_STOPS; stops += 1) {
      const stop = await this.tab();
      if (name.test(stop.name)) return stop;
      passed.push(stop.name.slice(0, 40));
      if (stop.tag === "body" && stops > 0) break;
    }
    throw new Error(`${this.#page.url()}: no ${String(name)} by Tab, only ${passed.join(" | ")}`);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async focused(): Promise<FocusStop> {
    return await this.#page.evaluate(focusedNow);
  }

  async #next(): Promise<FocusStop> {
    await this.#page.keyboard.press("Tab");
    // What slides in or fades is judged where it comes to rest.
    await this.#page.evaluate(finishAnimations);
    return await this.focused();
  }

  /**
   * Once round the page. Answers what is wrong on the way: stops that cannot be seen, or a place there is no way out of.
   * The stops come with it, in their order.
   */
  async walk(): Promise<{ readonly stops: readonly FocusStop[]; readonly problems: readonly string[] }> {
    const stops: FocusStop[] = [];
    const problems: string[] = [];
    let inFrame = 0;
    for (;;) {
      const stop = await this.#next();
      // Past the last stop the focus leaves the page, or begins again.
      if ((stop.tag === "body" && stops.length > 0) || stop.path === stops[0]?.path)
        return { stops, problems };
      inFrame = stop.tag === "iframe" ? inFrame + 1 : 0;
      const stays = stop.path === stops.at(-1)?.path && stop.tag !== "iframe";
      if (stays || inFrame > MAX_STOPS_IN_FRAME || stops.length >= MAX_STOPS) {
        problems.push(`the focus does not leave "${stop.name}" (${stop.path})`);
        return { stops, problems };
      }
      stops.push(stop);
      if (stop.problem !== null) problems.push(`"${stop.name.slice(0, 60)}" (${stop.path}): ${stop.problem}`);
    }
  }
}
