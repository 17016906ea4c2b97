/** The design page's tables of tokens: colours in both schemes with their contrasts, type, space, corners. */
import { contrastRatio } from "../contrast.ts";
import { colorNames, PAIRS, tokenNames, tokenValue, type Scheme } from "../design-tokens.ts";

const PIXELS_PER_REM = 16;

function Swatch({ scheme, name }: { readonly scheme: Scheme; readonly name: string }) {
  const value = tokenValue(scheme, name);
  return (
    <span class="token-color">
      <svg
        class="token-swatch"
        viewBox="0 0 40 40"
        width="40"
        height="40"
        aria-hidden="true"
        focusable="false"
      >
        <rect width="40" height="40" rx="10" fill={value} />
      </svg>
      <code>{value}</code>
    </span>
  );
}

export function ColorTable() {
  return (
    <table>
      <caption>Every colour, as it is in each scheme</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Light</th>
          <th scope="col">Dark</th>
        </tr>
      </thead>
      <tbody>
        {colorNames().map((name) => (
          <tr>
            <th scope="row">{name}</th>
            <td>
              <Swatch scheme="light" name={name} />
            </td>
            <td>
              <Swatch scheme="dark" name={name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PairSample({ scheme, text, ground }: { scheme: Scheme; text: string; ground: string }) {
  const [textValue, groundValue] = [tokenValue(scheme, text), tokenValue(scheme, ground)];
  return (
    <span class="token-color">
      <svg
        class="token-swatch"
        viewBox="0 0 40 40"
        width="40"
        height="40"
        aria-hidden="true"
        focusable="false"
      >
        <rect width="40" height="40" rx="10" fill={groundValue} />
        <text x="20" y="26" text-anchor="middle" font-size="17" font-weight="650" fill={textValue}>
          Aa
        </text>
      </svg>
      {contrastRatio(textValue, groundValue).toFixed(1)}
    </span>
  );
}

export function ContrastTable() {
  return (
    <table>
      <caption>Contrast: text needs 4.5, the edge of a field 3</caption>
      <thead>
        <tr>
          <th scope="col">Pair</th>
          <th scope="col">Light</th>
          <th scope="col">Dark</th>
        </tr>
      </thead>
      <tbody>
        {PAIRS.map(({ text, ground }) => (
          <tr>
            <th scope="row">
              {text} on {ground}
            </th>
            <td>
              <PairSample scheme="light" text={text} ground={ground} />
            </td>
            <td>
              <PairSample scheme="dark" text={text} ground={ground} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function TypeScale() {
  return (
    <ul class="specimens">
      {tokenNames("size-").map((name) => (
        <li class="specimen">
          <p class={`token-${name}`}>Yours, until its time is up</p>
          <p class="fine">
            <code>{name}</code> {pixels(tokenValue("light", name))}
          </p>
        </li>
      ))}
    </ul>
  );
}

export function SpaceScale() {
  return (
    <ul class="specimens">
      {tokenNames("space-").map((name) => {
        const width = Number.parseFloat(tokenValue("light", name)) * PIXELS_PER_REM;
        return (
          <li class="token-row">
            <code>{name}</code>
            <svg
              width={width}
              height="16"
              viewBox={`0 0 ${String(width)} 16`}
              aria-hidden="true"
              focusable="false"
            >
              <rect class="token-bar" width={width} height="16" rx="3" />
            </svg>
            <span class="fine">{width} px</span>
          </li>
        );
      })}
    </ul>
  );
}

export function Corners() {
  return (
    <ul class="token-corners">
      {tokenNames("radius").map((name) => (
        <li>
          <svg width="96" height="64" viewBox="0 0 96 64" aria-hidden="true" focusable="false">
            <rect
              class="token-bar"
              width="96"
              height="64"
              rx={Math.min(32, Number.parseFloat(tokenValue("light", name)))}
            />
          </svg>
          <p class="fine">
            <code>{name}</code> {tokenValue("light", name)}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** `clamp(1rem, 0.5rem + 1vw, 2rem)` → `16 to 32 px`. */
function pixels(value: string): string {
  const rems = [...value.matchAll(/([\d.]+)rem/g)].map(([, rem]) => Number(rem) * PIXELS_PER_REM);
  const [first = 0, last = 0] = [rems[0], rems.at(-1)];
  return first === last ? `${String(first)} px` : `${String(first)} to ${String(last)} px`;
}
