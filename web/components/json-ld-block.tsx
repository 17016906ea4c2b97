/** Blocks of structured data. Data, not code: no policy for scripts applies to it. */
import { raw } from "hono/html";
import type { JsonLd } from "../json-ld.ts";

/** `<` is written as its escape, so that no text in the data can end the block. */
export function JsonLdBlocks({ data }: { readonly data: readonly JsonLd[] }) {
  return <>{data.map(block)}</>;
}

function block(data: JsonLd) {
  const json = JSON.stringify({ "@context": "https://schema.org", ...data }).replaceAll("<", "\\u003c");
  return <script type="application/ld+json">{raw(json)}</script>;
}
