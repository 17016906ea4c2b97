/** The frame of the pages of an account: the way to the others, then what this one is about. Personal, never cached. */
import type { Child } from "hono/jsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";
import { AccountNav, type AccountSection } from "./account-nav.tsx";

export interface AccountFrameProps {
  readonly site: SiteContext;
  readonly section: AccountSection;
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: Child;
  /** What just happened, above everything else. */
  readonly notice?: Child;
  readonly children?: Child;
}

export function AccountFrame({ site, section, title, lead, notice, children }: AccountFrameProps) {
  return (
    <Document site={site} title={title} script="account">
      <div class="wrap page-top info">
        <AccountNav current={section} />
        <div class="account">
          {notice}
          <h1>{title}</h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
          {children}
        </div>
      </div>
    </Document>
  );
}
