/** Fetches the code of the search suggestions once somebody turns to a search field; until then a page does not pay for it. */

/** What the fetched entry exports (entries/search-box.ts). */
interface SearchBoxModule {
  readonly enhanceSearchBox: (form: HTMLFormElement) => void;
}

export function loadSearchWhenNeeded(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-search-box]")) {
    const load = () => {
      form.removeEventListener("focusin", load);
      form.removeEventListener("pointerenter", load);
      void enhance(form);
    };
    form.addEventListener("focusin", load);
    form.addEventListener("pointerenter", load);
    if (form.matches(":focus-within")) load();
  }
}

async function enhance(form: HTMLFormElement): Promise<void> {
  const script = form.dataset["script"];
  if (script === undefined) return;
  // Offline, or the file is gone: it stays the form it is, which works.
  const loaded = await (import(script) as Promise<SearchBoxModule>).catch(() => null);
  loaded?.enhanceSearchBox(form);
}
