/** What a buyer looks up about a product: a list of labels and values. */
import type { ProductDetail } from "../../src/contracts/catalog.ts";
import { keptMarkup } from "../kept-markup.ts";
import { ItemName } from "./item-name.tsx";

export function DetailsList({ details }: { readonly details: readonly ProductDetail[] }) {
  return keptMarkup(details, "", () => (
    <dl class="details">
      {details.map(({ label, value }) => (
        <div class="details-row">
          <dt>{label}</dt>
          <dd>
            <ItemName name={value} />
          </dd>
        </div>
      ))}
    </dl>
  ));
}
