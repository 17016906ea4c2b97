/** Turns the gallery's pages by the arrow keys and the small pictures, and marks which one is in view. */

/** How much of a picture must be in view to count as the one looked at. */
const IN_VIEW = 0.6;

/** Brings the gallery below `root` to life; does nothing where there is one picture only. */
export function enhanceGallery(root: ParentNode): void {
  const strip = root.querySelector<HTMLElement>("[data-gallery] .gallery-strip[tabindex]");
  if (strip === null) return;
  const items = [...strip.children];
  const links = [...root.querySelectorAll<HTMLAnchorElement>("[data-picture-link]")];
  let current = 0;

  const turnTo = (index: number) => {
    const item = items[Math.min(Math.max(index, 0), items.length - 1)];
    // Only the strip moves, never the page.
    if (item instanceof HTMLElement) strip.scrollTo({ left: item.offsetLeft - strip.offsetLeft });
  };
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    turnTo(current + step);
  });
  for (const [index, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      turnTo(index);
    });
  }
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries)
        if (intersectionRatio >= IN_VIEW) current = items.indexOf(target);
      for (const [index, link] of links.entries()) {
        if (index === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { root: strip, threshold: IN_VIEW },
  );
  for (const item of items) seen.observe(item);
}
