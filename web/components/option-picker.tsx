/**
 * The choice of options as links, one per value, with what it costs and how little is left of it: every combination has an
 * address, so it works without JavaScript. What is sold out can be chosen too: its page takes requests to be told.
 */
import type { AvailabilityItem, Product, ProductOption, ProductSku } from "../../src/contracts/catalog.ts";
import { choiceNote } from "../availability-label.ts";
import { productHref, skuWithOption } from "../option-choice.ts";
import { formatPrice } from "../price-text.ts";
import { SwatchDot } from "./swatch-dot.tsx";

export interface OptionPickerProps {
  readonly product: Product;
  readonly selected: ProductSku;
  readonly availability: readonly AvailabilityItem[];
}

export function OptionPicker({ product, selected, availability }: OptionPickerProps) {
  const known = new Map(availability.map((item) => [item.sku, item]));
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
                return target === null ? null : (
                  <Choice
                    option={option.name}
                    value={value}
                    href={productHref(product.slug, target.sku)}
                    target={target}
                    left={known.get(target.sku) ?? null}
                    isChosen={value === chosen}
                  />
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
}

interface ChoiceProps {
  readonly option: string;
  readonly value: ProductOption["values"][number];
  readonly href: string;
  /** The SKU that the choice leads to. */
  readonly target: ProductSku;
  readonly left: AvailabilityItem | null;
  readonly isChosen: boolean;
}

function Choice({ option, value, href, target, left, isChosen }: ChoiceProps) {
  const isColor = value.swatch !== undefined;
  const note = left === null ? "" : choiceNote(left.status, left.available);
  return (
    <a
      class={isColor ? "choice choice-swatch" : "choice"}
      id={`choice-${option}-${value.value}`}
      href={href}
      rel="nofollow"
      aria-current={isChosen ? "true" : undefined}
      data-option-link
      data-stock-sku={target.sku}
      data-status={left?.status}
      title={isColor ? value.label : undefined}
    >
      {isColor && <SwatchDot color={value.swatch ?? ""} />}
      <span class={isColor ? "visually-hidden" : "choice-text"}>{value.label}</span>
      {!isColor && <span class="choice-price">{formatPrice(target.price)}</span>}{" "}
      <span class={isColor ? "visually-hidden" : "choice-note"} data-stock-note>
        {note}
      </span>
    </a>
  );
}
