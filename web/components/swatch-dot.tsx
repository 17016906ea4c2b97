/** A dot of colour. Drawn as SVG: a `fill` attribute needs no inline style. */

/** Colours come from the catalog; whatever is not a hex colour is drawn grey. */
const HEX_COLOR = /^#[0-9a-f]{3,8}$/i;

export function SwatchDot({ color }: { readonly color: string }) {
  return (
    <svg class="swatch" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="11.5" fill={HEX_COLOR.test(color) ? color : "#8a8f8d"} />
      <circle class="swatch-edge" cx="12" cy="12" r="11.5" fill="none" />
    </svg>
  );
}
