/** The choice of options as links, one per value: every combination has an address, so it works without JavaScript. */
import type { AvailabilityItem, Product, ProductSku } from "../../src/contracts/catalog.ts";
import { productHref, skuWithOption } from "../option-choice.ts";
import { SwatchDot } from "./swatch-dot.tsx";

export interface OptionPickerProps {
  readonly product: Product;
  readonly selected: ProductSku;
  readonly availability: readonly AvailabilityItem[];
}

export function OptionPicker({ product, selected, availability }: OptionPickerProps) {
  const statusOf = new Map(availability.map((item) => [item.sku, item.status]));
  return (
    <div class="options">
      {product.options.map((option) => {
        const chosen = option.values.find((value) => value.value === selected.options[option.name]);
        const labelId = `option-${option.name}`;
        return (
          <div class="option" role="group" aria-labelledby={labelId}>
            <p class="option-label" id={labelId}>
              {option.label} <span class="option-chosen">{chosen?.label ?? ""}</span>
            </p>
            <div class="option-values">
              {option.values.map((value) => {
                const target = skuWithOption(product, selected, option.name, value.value);
                if (target === null) return null;
                const isChosen = value === chosen;
                return (
                  <a
                    class={value.swatch === undefined ? "choice" : "choice choice-swatch"}
                    id={`choice-${option.name}-${value.value}`}
                    href={productHref(product.slug, target.sku)}
                    rel="nofollow"
                    aria-current={isChosen ? "true" : undefined}
                    data-option-link
                    data-stock-sku={target.sku}
                    data-status={statusOf.get(target.sku)}
                    title={value.swatch === undefined ? undefined : value.label}
                  >
                    {value.swatch !== undefined && <SwatchDot color={value.swatch} />}
                    <span class={value.swatch === undefined ? "choice-text" : "visually-hidden"}>
                      {value.label}
                    </span>
                    <span class="visually-hidden" data-stock-note>
                      {statusOf.get(target.sku) === "sold_out" ? ", sold out" : ""}
                    </span>
                  </a>
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
}
