/** Showing, hiding and filling elements found by selector; what is not on this page is left alone. */

export function show(element: Element | null, visible = true): void {
  if (element instanceof HTMLElement) element.hidden = !visible;
}

export function setText(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
