/**
 * The proof that axe finds nothing: every page in every state, light and dark, on a desk and in the narrowest window that
 * WCAG knows (what a desk's is at 400% zoom), where nothing may be wider than the window. And no page complains: of a script's
 * error, a broken security policy, something that does not load.
 */
import { violationsOn } from "../browser/axe.ts";
import { widerThanWindow } from "../browser/in-page.ts";
import type { Proof } from "./proof.ts";
import { eachView } from "./views.ts";

export const axe: Proof = {
  name: "axe",
  run: (surroundings, say) =>
    eachView(
      { widths: [320, 1440], colorSchemes: ["light", "dark"] },
      surroundings,
      say,
      async (page, complaints) => {
        const tooWide = await page.evaluate(widerThanWindow);
        return [...complaints, ...(tooWide === null ? [] : [tooWide]), ...(await violationsOn(page))];
      },
    ),
};
