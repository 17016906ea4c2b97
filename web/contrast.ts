/** The contrast of two colours as WCAG 2 defines it. Pure. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */

/**
 * @param one,other colours as `#rrggbb`
 * @returns 1 (the same) to 21 (black on white)
 * @throws RangeError for anything else than six hexadecimal digits
 */
export function contrastRatio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (digits === null) throw new RangeError(`no colour of six digits: ${color}`);
  const [red = 0, green = 0, blue = 0] = digits
    .slice(1)
    .map((pair) => linear(Number.parseInt(pair, 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
