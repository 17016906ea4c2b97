/** The pages that browsers see of the emulator: the card fields inside the shop's page, and the bank's challenge. */
import { html, raw } from "hono/html";
import type Stripe from "stripe";
import { formatAmount } from "./amounts.ts";

type Html = ReturnType<typeof html>;

const FRAME_STYLE = `
  * { box-sizing: border-box; }
  body { margin: 0; padding: 4px; background: transparent; color: var(--text, #30313d); font: 16px/1.4 var(--font, system-ui, sans-serif); }
  .row { display: flex; gap: 12px; }
  .field { flex: 1; margin-bottom: 12px; min-width: 0; }
  label { display: block; margin-bottom: 4px; font-size: 14px; }
  input { width: 100%; padding: 12px; border: 1px solid #80838f; border-radius: var(--radius, 5px); background: var(--background, #fff); color: inherit; font: inherit; }
  input:focus { outline: 2px solid var(--primary, #0570de); outline-offset: 1px; }
  input[aria-invalid="true"] { border-color: var(--danger, #b3093c); }
  .error { margin-top: 4px; color: var(--danger, #b3093c); font-size: 14px; }
  .note { margin: 0; font-size: 13px; color: var(--note, #596171); }
`;

/** The Payment Element's inside: three labelled fields; its script talks to the page around it. */
export function cardFramePage(locale: string): Html {
  const language = /^[A-Za-z-]{2,10}$/.test(locale) ? locale : "en";
  return html`<!doctype html>
    <html lang="${language === "auto" ? "en" : language}">
      <head>
        <meta charset="utf-8" />
        <title>Secure payment input frame</title>
        <style>
          ${raw(FRAME_STYLE)}
        </style>
        <script src="/_elements/card-frame.js" defer></script>
      </head>
      <body>
        <form id="card" novalidate>
          <div class="field">
            <label for="number">Card number</label>
            <input
              id="number"
              name="number"
              inputmode="numeric"
              autocomplete="cc-number"
              placeholder="1234 1234 1234 1234"
              aria-describedby="number-error"
            />
            <div class="error" id="number-error" role="alert"></div>
          </div>
          <div class="row">
            <div class="field">
              <label for="expiry">Expiration date</label>
              <input
                id="expiry"
                name="expiry"
                inputmode="numeric"
                autocomplete="cc-exp"
                placeholder="MM / YY"
                aria-describedby="expiry-error"
              />
              <div class="error" id="expiry-error" role="alert"></div>
            </div>
            <div class="field">
              <label for="cvc">Security code</label>
              <input
                id="cvc"
                name="cvc"
                inputmode="numeric"
                autocomplete="cc-csc"
                placeholder="CVC"
                aria-describedby="cvc-error"
              />
              <div class="error" id="cvc-error" role="alert"></div>
            </div>
          </div>
        </form>
        <p class="note">Test mode: no real card is charged.</p>
      </body>
    </html>`;
}

const CHALLENGE_STYLE = `
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6f8fa; color: #1a1b25; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; padding: 2rem; background: #fff; border-radius: 8px; box-shadow: 0 2px 12px rgb(0 0 0 / 12%); }
  h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
  form { display: flex; gap: .75rem; margin-top: 1.5rem; }
  button { flex: 1; padding: .75rem; border: 1px solid #0055bc; border-radius: 5px; background: #0055bc; color: #fff; font: inherit; cursor: pointer; }
  button[value="fail"] { background: #fff; color: #0055bc; }
`;

function challengeDocument(content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>3D Secure 2 test page</title>
        <style>
          ${raw(CHALLENGE_STYLE)}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}

/** The bank asks; `search` is the query of this address, which the answer needs again. */
export function challengePage(intent: Stripe.PaymentIntent, search: string): Html {
  const amount = formatAmount(intent.amount, intent.currency);
  if (intent.status !== "requires_action") return challengeDonePage(intent);
  return challengeDocument(
    html`<h1>3D Secure 2 test page</h1>
      <p>Your bank asks whether you want to pay ${amount}. This is a test: choose what to answer.</p>
      <form method="post" action="/_challenge/${intent.id}${search}">
        <button id="test-source-authorize-3ds" name="outcome" value="complete">Complete</button>
        <button id="test-source-fail-3ds" name="outcome" value="fail">Fail</button>
      </form>`,
  );
}

/** After the answer; inside the shop's page the script around the frame hears of it and goes on. */
export function challengeDonePage(intent: Stripe.PaymentIntent): Html {
  const message = intent.last_payment_error === null ? "Authentication complete." : "Authentication failed.";
  return challengeDocument(
    html`<h1>${message}</h1>
      <p>You can go back to the shop.</p>
      <script>
        if (window.parent !== window) window.parent.postMessage({ stripeEmulator: "challenge-done" }, "*");
      </script>`,
  );
}
