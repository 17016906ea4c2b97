/** What every drawing is made of: shades of a colour, gradients, rounded boxes, shadows and the page around them. */

export const CANVAS_SIZE = 960;

/** Mixes `#rrggbb` with white (amount above 0) or black (below), by up to 1. */
export function shade(color: string, amount: number): string {
  const target = amount > 0 ? 255 : 0;
  const channels = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16);
    return Math.round(channel + (target - channel) * Math.abs(amount));
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** How light a colour is, 0 to 1. */
export function lightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) =>
    Number.parseInt(color.slice(start, start + 2), 16),
  );
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  radius: number;
}

/** A rounded box; `rest` are further attributes. */
export function roundedBox(box: Box, fill: string, rest = ""): string {
  return `<rect x="${n(box.x)}" y="${n(box.y)}" width="${n(box.width)}" height="${n(box.height)}" rx="${n(box.radius)}" fill="${fill}"${rest === "" ? "" : ` ${rest}`}/>`;
}

/** The same box, smaller by `margin` on every side. */
export function inset(box: Box, margin: number): Box {
  return {
    x: box.x + margin,
    y: box.y + margin,
    width: box.width - 2 * margin,
    height: box.height - 2 * margin,
    radius: Math.max(0, box.radius - margin),
  };
}

export function circle(x: number, y: number, radius: number, fill: string, rest = ""): string {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${fill}"${rest === "" ? "" : ` ${rest}`}/>`;
}

export function group(transform: string, ...content: string[]): string {
  return `<g transform="${transform}">${content.join("")}</g>`;
}

/** A linear gradient from corner to corner of what it fills, or along `direction` (x1, y1, x2, y2 in 0 to 1). */
export function gradient(
  id: string,
  stops: readonly (readonly [offset: number, color: string, opacity?: number])[],
  direction: readonly [number, number, number, number] = [0, 0, 1, 1],
): string {
  const [x1, y1, x2, y2] = direction;
  return `<linearGradient id="${id}" x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}">${stopTags(stops)}</linearGradient>`;
}

/** A radial gradient, from the middle of what it fills, or from `centre`. */
export function glow(
  id: string,
  stops: readonly (readonly [offset: number, color: string, opacity?: number])[],
  centre: readonly [number, number] = [0.5, 0.5],
): string {
  return `<radialGradient id="${id}" cx="${n(centre[0])}" cy="${n(centre[1])}" r="0.75">${stopTags(stops)}</radialGradient>`;
}

function stopTags(stops: readonly (readonly [offset: number, color: string, opacity?: number])[]): string {
  return stops
    .map(
      ([offset, color, opacity]) =>
        `<stop offset="${n(offset)}" stop-color="${color}"${opacity === undefined ? "" : ` stop-opacity="${n(opacity)}"`}/>`,
    )
    .join("");
}

/** Gradients of a body in one colour: `url(#body)` its surface, `url(#edge)` its frame, `url(#sheen)` a highlight over it. */
export function bodyGradients(color: string): string {
  return [
    gradient("body", [
      [0, shade(color, 0.2)],
      [0.45, color],
      [1, shade(color, -0.2)],
    ]),
    gradient(
      "edge",
      [
        [0, shade(color, 0.5)],
        [0.3, shade(color, -0.25)],
        [0.7, shade(color, 0.3)],
        [1, shade(color, -0.4)],
      ],
      [0, 0, 1, 0.35],
    ),
    gradient(
      "sheen",
      [
        [0, "#ffffff", 0.34],
        [0.38, "#ffffff", 0.04],
        [0.4, "#ffffff", 0],
      ],
      [0, 0, 1, 0.7],
    ),
  ].join("");
}

/** A soft shadow on the ground. */
export function groundShadow(x: number, y: number, halfWidth: number): string {
  return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(halfWidth)}" ry="${n(Math.max(14, halfWidth * 0.09))}" fill="#10141c" opacity="0.22" filter="url(#soft)"/>`;
}

/** The whole picture: a pale ground that takes a little of the product's colour, and the drawing on it. */
export function page(color: string, definitions: string, drawing: string): string {
  const tint = shade(color, lightness(color) > 0.8 ? 0.35 : 0.78);
  const ground = glow(
    "ground",
    [
      [0, "#ffffff"],
      [0.55, shade(tint, 0.55)],
      [1, tint],
    ],
    [0.5, 0.42],
  );
  const soft = `<filter id="soft" x="-30%" y="-120%" width="160%" height="340%"><feGaussianBlur stdDeviation="16"/></filter>`;
  const size = String(CANVAS_SIZE);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}">` +
    `<defs>${ground}${soft}${definitions}</defs><rect width="${size}" height="${size}" fill="url(#ground)"/>${drawing}</svg>\n`
  );
}

/** A coordinate with at most two decimals. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
