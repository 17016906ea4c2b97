/** A part of a page that is drawn once for as long as what it shows lives (see kept-markup.ts), wherever pictures come from. */
import { useContext } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { keptMarkup } from "../kept-markup.ts";
import { ImageDeliveryContext } from "./product-picture.tsx";

export interface KeptProps {
  /** What the part is drawn from; never changed once it was drawn. */
  readonly source: object;
  /** Names the part, and everything else that it depends on. */
  readonly variant: string;
  readonly draw: () => JSX.Element;
}

export function Kept({ source, variant, draw }: KeptProps) {
  const delivery = useContext(ImageDeliveryContext);
  return keptMarkup(source, `${delivery} ${variant}`, () => (
    <ImageDeliveryContext.Provider value={delivery}>{draw()}</ImageDeliveryContext.Provider>
  ));
}
