/** The proof that every page can be gone round by Tab, on a phone and on a desk, seeing at every stop where one is. */
import { Keyboard } from "../browser/keyboard.ts";
import { eachView, type ViewProblem } from "./views.ts";
import type { Proof } from "./proof.ts";

export const keyboard: Proof = {
  name: "keyboard",
  run: (surroundings, say) =>
    eachView(
      { widths: [320, 1440], colorSchemes: ["light"] },
      surroundings,
      say,
      async (page): Promise<readonly ViewProblem[]> => {
        const keys = new Keyboard(page);
        // A page that has something to say puts the focus there itself.
        const startsAtTop = (await keys.focused()).tag === "body";
        const { stops, problems } = await keys.walk();
        const first = stops[0]?.name ?? "nothing";
        return startsAtTop && !first.startsWith("Skip to")
          ? [`the first stop is "${first}", not the skip link`, ...problems]
          : problems;
      },
    ),
};
