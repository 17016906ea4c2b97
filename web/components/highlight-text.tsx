/** A text with what matched the search marked. */
import type { Highlight } from "../../src/contracts/search.ts";

export function HighlightText({ parts }: { readonly parts: Highlight }) {
  return <>{parts.map(({ text, match }) => (match ? <mark>{text}</mark> : text))}</>;
}
