/**
 * What browsers report of a content security policy that stopped something, in both of their forms: `report-uri`'s single object and
 * the Reporting API's list. Only three words of a fixed vocabulary are read out of each; addresses, which may bear an order's id or
 * a token, are looked at and left behind.
 */
import * as z from "zod";
import { pageKindOf, type PageKind } from "../domain/page-kind.ts";

/** More in one request than a page can have broken says nothing more. */
const MAX_REPORTS = 20;

/** The policy's directives; another one is `other`. */
const DIRECTIVES = [
  "default-src",
  "script-src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "img-src",
  "font-src",
  "connect-src",
  "frame-src",
  "manifest-src",
  "worker-src",
  "form-action",
  "base-uri",
  "frame-ancestors",
  "object-src",
  "media-src",
  "require-trusted-types-for",
  "trusted-types",
] as const;

/** What browsers say in the place of an address where there is none. */
const WORDS = ["inline", "eval", "wasm-eval", "trusted-types-policy", "trusted-types-sink"] as const;
/** Schemes of code that the visitor's own browser added. */
const EXTENSION_SCHEME = /^(?:chrome|moz|safari|safari-web|ms-browser)-extension\b/i;

export interface PolicyViolation {
  readonly directive: (typeof DIRECTIVES)[number] | "other";
  /** What was stopped: inline code, our own address, a data or blob address, a visitor's browser extension, or elsewhere. */
  readonly blocked: (typeof WORDS)[number] | "self" | "data" | "blob" | "extension" | "elsewhere";
  readonly page: PageKind;
}

const text = z.string().max(10_000).optional().catch(undefined);

const FormerReport = z.object({
  "csp-report": z.object({
    "document-uri": text,
    "effective-directive": text,
    "violated-directive": text,
    "blocked-uri": text,
  }),
});
const ListedReport = z.object({
  type: z.string(),
  body: z.object({ documentURL: text, effectiveDirective: text, blockedURL: text }).nullish(),
});

/** `POST /api/csp-reports`. Browsers add fields of their own; they are not read. */
export const CspReports = z.union([FormerReport, z.array(ListedReport).max(MAX_REPORTS)]);
export type CspReports = z.infer<typeof CspReports>;

/** What the reports tell. Reports of another kind than a policy's are left out. */
export function violationsOf(reports: CspReports): PolicyViolation[] {
  if (!Array.isArray(reports)) {
    const report = reports["csp-report"];
    const directive = report["effective-directive"] ?? report["violated-directive"]?.split(" ")[0];
    return [violation(directive, report["blocked-uri"], report["document-uri"])];
  }
  return reports.flatMap(({ type, body }) =>
    type === "csp-violation" && body != null
      ? [violation(body.effectiveDirective, body.blockedURL, body.documentURL)]
      : [],
  );
}

function violation(
  directive: string | undefined,
  blocked: string | undefined,
  page: string | undefined,
): PolicyViolation {
  const url = page !== undefined && URL.canParse(page) ? new URL(page) : null;
  return {
    directive: DIRECTIVES.find((known) => known === directive) ?? "other",
    blocked: blockedKind(blocked ?? "", url?.origin ?? null),
    page: url === null ? "other" : pageKindOf(url.pathname),
  };
}

function blockedKind(blocked: string, origin: string | null): PolicyViolation["blocked"] {
  const word = WORDS.find((known) => known === blocked);
  if (word !== undefined) return word;
  if (EXTENSION_SCHEME.test(blocked)) return "extension";
  if (/^data\b/i.test(blocked)) return "data";
  if (/^blob\b/i.test(blocked)) return "blob";
  if (blocked === "self") return "self";
  return URL.canParse(blocked) && new URL(blocked).origin === origin ? "self" : "elsewhere";
}
