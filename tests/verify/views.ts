/** Looks at every page of the store in several widths and schemes, and gathers what is found wrong, each fault once. */
import type { Page } from "playwright-core";
import { lookAt, lookName, looks, type Look } from "../browser/looks.ts";
import { everyPage } from "../browser/pages.ts";
import { inParallel } from "../harness/in-parallel.ts";
import type { Outcome } from "./proof.ts";
import type { Surroundings } from "./surroundings.ts";

const AT_ONCE = 2;
/** Views between one word about how far it is and the next. */
const SAY_EVERY = 40;

/** What is wrong in one view, in words that are the same where the fault is. */
export type ViewProblem = string;

export interface Views {
  /** CSS pixels. */
  readonly widths: readonly number[];
  readonly colorSchemes: readonly Look["colorScheme"][];
}

/** A page that cannot be opened is a fault of its own, and keeps nobody from looking at the others. */
export async function eachView(
  { widths, colorSchemes }: Views,
  surroundings: Surroundings,
  say: (line: string) => void,
  look: (page: Page, complaints: readonly string[]) => Promise<readonly ViewProblem[]>,
): Promise<Outcome> {
  const place = { browser: await surroundings.browser(), scene: await surroundings.scene() };
  const chosen = looks(widths).filter(({ colorScheme }) => colorSchemes.includes(colorScheme));
  const views = (await everyPage(place.scene)).flatMap((page) =>
    chosen.map((each) => ({ page, look: each })),
  );
  let done = 0;
  let held = 0;
  const seenIn = new Map<string, string[]>();
  await inParallel(views, AT_ONCE, async (view) => {
    const problems = await lookAt({ ...place, look: view.look }, view.page, look).catch((error: unknown) => [
      firstLine(error),
    ]);
    if (problems.length === 0) held += 1;
    for (const problem of problems) {
      const fault = `${view.page.name}: ${problem}`;
      seenIn.set(fault, [...(seenIn.get(fault) ?? []), lookName(view.look)]);
    }
    done += 1;
    if (done % SAY_EVERY === 0) say(`${String(done)} of ${String(views.length)} views`);
  });
  return {
    held,
    broken: [...seenIn].map(([fault, names]) =>
      names.length === chosen.length ? fault : `${fault} (${names.join(", ")})`,
    ),
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}
