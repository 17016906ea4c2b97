/** The HTML of the mail page. Messages are shown in a sandboxed frame of their own: nothing of theirs runs here. */
import { html, raw } from "hono/html";
import type { CapturedMessage } from "./captured-mail.ts";
import type { MessageSummary } from "./mailbox.ts";

type Html = ReturnType<typeof html>;

const LIST_REFRESH_SECONDS = 3;

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
  header { display: flex; align-items: baseline; gap: 1rem; margin-bottom: 1rem; }
  h1 { font-size: 1.4rem; margin: 0; }
  .quiet { opacity: .7; font-size: .9rem; }
  ul { list-style: none; padding: 0; margin: 0; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
  li + li { border-top: 1px solid var(--line); }
  li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .7rem 1rem; color: inherit; text-decoration: none; }
  li a:hover, li a:focus-visible { background: var(--soft); }
  .subject { font-weight: 600; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 1rem; }
  dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .6rem; background: #fff; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: 1rem; border-radius: .6rem; }
`;

/** The list, newest first. `note` says where nothing can be found and why. */
export function listPage(messages: readonly MessageSummary[], note: string | undefined): Html {
  const items = messages.map(
    ({ id, to, subject, sentAt }) =>
      html`<li>
        <a href="/messages/${encodeURIComponent(id)}">
          <span class="subject">${subject}</span>
          <time class="quiet" datetime="${sentAt}">${readableTime(sentAt)}</time>
          <span class="quiet">to ${to.join(", ")}</span>
        </a>
      </li>`,
  );
  const body = html`<header>
      <h1>Sent e-mails</h1>
      <span class="quiet">${messages.length} on this machine; nothing leaves it</span>
    </header>
    ${note === undefined ? "" : html`<p class="quiet">${note}</p>`}
    ${
      items.length === 0
        ? html`<p>No e-mail yet. This page looks again by itself.</p>`
        : html`<ul>
            ${items}
          </ul>`
    }`;
  return page("Sent e-mails", body, html`<meta http-equiv="refresh" content="${LIST_REFRESH_SECONDS}" />`);
}

/** One message with its headers, its HTML in a frame and its text. */
export function messagePage(message: CapturedMessage): Html {
  const { id, from, to, replyTo, subject, sentAt, html: markup, text } = message;
  const frame = html`<iframe
    title="The message as HTML"
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    src="/messages/${encodeURIComponent(id)}/html"
  ></iframe>`;
  return page(
    subject,
    html`<p><a href="/">← All e-mails</a></p>
      <header><h1>${subject}</h1></header>
      <dl>
        <dt>From</dt>
        <dd>${from}</dd>
        <dt>To</dt>
        <dd>${to.join(", ")}</dd>
        ${
          replyTo === null
            ? ""
            : html`<dt>Reply to</dt>
                <dd>${replyTo}</dd>`
        }
        <dt>Sent</dt>
        <dd><time datetime="${sentAt}">${readableTime(sentAt)}</time></dd>
      </dl>
      ${markup === null ? html`<p class="quiet">This message has no HTML part.</p>` : frame}
      ${
        text === null
          ? html`<p class="quiet">This message has no text part.</p>`
          : html`<h2>As text</h2>
              <pre>${text}</pre>`
      }`,
  );
}

/** The answer to an unknown address. */
export function notFoundPage(): Html {
  return page(
    "Not found",
    html`<h1>No such message</h1>
      <p><a href="/">All e-mails</a></p>`,
  );
}

/** A message's own HTML, with links made to open outside the frame. */
export function framedHtml(markup: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(markup) ? markup.replace(/<head[^>]*>/i, (head) => head + base) : base + markup;
}

function page(title: string, body: Html, head: Html | string = ""): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${head}
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

function readableTime(sentAt: string): string {
  return sentAt.replace("T", " ").replace(/\.\d+Z$/, " UTC");
}
