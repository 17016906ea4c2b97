/** One facet of the filter form: its values as checkboxes with how many products each would show. */
import type { FacetValue } from "../../src/contracts/search.ts";
import { SwatchDot } from "./swatch-dot.tsx";

export interface FacetGroupProps {
  /** Parameter of the address, e.g. `color`. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly FacetValue[];
  readonly chosen: readonly string[];
}

/** More values than this are folded away behind a summary. */
const MAX_SHOWN = 8;

export function FacetGroup({ name, label, chosen, ...given }: FacetGroupProps) {
  const values = withChosen(given.values, chosen);
  if (values.length === 0) return null;
  // One value too many is no reason for a fold.
  const shown = values.length <= MAX_SHOWN + 1 ? values.length : MAX_SHOWN;
  const folded = values.slice(shown);
  const isOpen = folded.some(({ value }) => chosen.includes(value));
  return (
    <fieldset class="facet">
      <legend>{label}</legend>
      {values.slice(0, shown).map((value) => (
        <FacetChoice name={name} value={value} checked={chosen.includes(value.value)} />
      ))}
      {folded.length > 0 && (
        <details id={`more-${name}`} class="facet-more" open={isOpen}>
          <summary>
            {folded.length} more<span class="visually-hidden">, {label}</span>
          </summary>
          {folded.map((value) => (
            <FacetChoice name={name} value={value} checked={chosen.includes(value.value)} />
          ))}
        </details>
      )}
    </fieldset>
  );
}

/** What is chosen stays in the form, also where nothing of it is left: otherwise sending the form would drop it unseen. */
function withChosen(values: readonly FacetValue[], chosen: readonly string[]): FacetValue[] {
  const missing = chosen.filter((value) => !values.some((other) => other.value === value));
  return [...values, ...missing.map((value) => ({ value, label: value, count: 0 }))];
}

interface FacetChoiceProps {
  readonly name: string;
  readonly value: FacetValue;
  readonly checked: boolean;
}

export function FacetChoice({ name, value, checked }: FacetChoiceProps) {
  return (
    <label class="facet-choice" data-none={value.count === 0 && !checked ? "" : undefined}>
      <input type="checkbox" name={name} value={value.value} checked={checked} />
      {value.swatch !== undefined && <SwatchDot color={value.swatch} />}
      <span class="facet-label">{value.label}</span>
      <span class="facet-count">
        {value.count}
        <span class="visually-hidden">{value.count === 1 ? " product" : " products"}</span>
      </span>
    </label>
  );
}
