/** What the widget shows: the inside of the frame that the stand-in's script opens. */
import { html, raw } from "hono/html";

const STYLE = `
  * { box-sizing: border-box; }
  html { color-scheme: light dark; }
  body { margin: 0; font: 14px/1.3 system-ui, sans-serif; }
  .widget { display: flex; align-items: center; gap: 10px; height: 65px; padding: 0 12px; border: 1px solid light-dark(#e0e0e0, #666); background: light-dark(#fafafa, #232323); color: light-dark(#232323, #fafafa); }
  .state { flex: 1; display: flex; align-items: center; gap: 10px; }
  .mark { flex: none; width: 24px; height: 24px; border: 2px solid currentColor; border-radius: 50%; text-align: center; line-height: 20px; }
  button { width: 24px; height: 24px; padding: 0; border: 2px solid #6d6d6d; border-radius: 3px; background: light-dark(#fff, #333); }
  button:focus-visible { outline: 2px solid #0073aa; outline-offset: 2px; }
  .brand { font-size: 11px; text-align: right; }
`;

export function framePage(): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Widget of the Turnstile stand-in</title>
        <style>
          ${raw(STYLE)}
        </style>
        <script src="/turnstile/v0/frame.js" defer></script>
      </head>
      <body>
        <main class="widget">
          <div class="state" role="status" data-state>Verifying…</div>
          <div class="brand">stand-in for<br />Turnstile</div>
        </main>
      </body>
    </html>`;
}
