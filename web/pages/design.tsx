/**
 * The design system on one page: tokens and components in their states, in the scheme of whoever looks. It is made from the style
 * sheet's own tokens and the components that the pages use, so it cannot say what is not so. Props: `DesignPageProps`.
 */
import type { Child } from "hono/jsx";
import {
  Buttons,
  Chips,
  Clocks,
  Fields,
  Icons,
  Notices,
  OrderParts,
  Questions,
  StockLabels,
} from "../components/design-components.tsx";
import { ColorTable, ContrastTable, Corners, SpaceScale, TypeScale } from "../components/design-tokens.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface DesignPageProps {
  readonly site: SiteContext;
  /** Epoch ms. */
  readonly now: number;
}

export function DesignPage({ site, now }: DesignPageProps) {
  return (
    <Document site={site} title="Design">
      <div class="wrap page-top">
        <h1>Design</h1>
        <p class="lead design-lead">
          What the store is made of. Calm and short; one accent, the green of kelp, for what can be done; as
          much contrast as reading needs, in both schemes.
        </p>
        <Part id="colours" title="Colours">
          <div class="prose design-tables">
            <ColorTable />
            <ContrastTable />
          </div>
        </Part>
        <Part id="type" title="Type">
          <TypeScale />
        </Part>
        <Part id="space" title="Space">
          <SpaceScale />
        </Part>
        <Part id="corners" title="Corners">
          <Corners />
        </Part>
        <Part id="buttons" title="Buttons">
          <Buttons />
        </Part>
        <Part id="fields" title="Fields">
          <Fields />
        </Part>
        <Part id="notices" title="Notices">
          <Notices />
        </Part>
        <Part id="stock" title="Stock and swatches">
          <StockLabels />
        </Part>
        <Part id="chips" title="Chips">
          <Chips />
        </Part>
        <Part id="clocks" title="Clocks">
          <Clocks now={now} />
        </Part>
        <Part id="orders" title="Orders">
          <OrderParts now={now} />
        </Part>
        <Part id="questions" title="Questions">
          <Questions />
        </Part>
        <Part id="icons" title="Icons">
          <Icons />
        </Part>
      </div>
    </Document>
  );
}

function Part({
  id,
  title,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly children?: Child;
}) {
  return (
    <section class="design-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
