/** The frame of the pages that are read: help, shipping, returns, privacy. A short way from each to the others, then the text. */
import type { Child } from "hono/jsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

const PAGES = [
  ["/help", "Help"],
  ["/shipping", "Shipping"],
  ["/returns", "Returns"],
  ["/privacy", "Privacy"],
] as const;
export type InformationPath = (typeof PAGES)[number][0];

export interface InformationProps {
  readonly site: SiteContext;
  readonly path: InformationPath;
  readonly title: string;
  /** For search engines, and said in other words by `lead`. */
  readonly description: string;
  readonly lead: Child;
  readonly children?: Child;
}

export function Information({ site, path, title, description, lead, children }: InformationProps) {
  return (
    <Document site={site} title={title} description={description} canonicalPath={path}>
      <div class="wrap page-top info">
        <nav class="info-nav" aria-label="Service">
          {PAGES.map(([href, text]) => (
            <a href={href} aria-current={href === path ? "page" : undefined}>
              {text}
            </a>
          ))}
        </nav>
        <article>
          <h1>{title}</h1>
          <p class="lead">{lead}</p>
          <div class="prose">{children}</div>
        </article>
      </div>
    </Document>
  );
}
