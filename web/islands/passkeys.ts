/**
 * Passkeys: signing in with one, also by the browser's own suggestion below the e-mail field, and making one. The store's API
 * says what to ask the device for and judges what it answers; nothing here decides anything.
 */
import type { Problem } from "../../src/contracts/problem.ts";
import { callApi, type ApiResult } from "./api.ts";
import { show } from "./show.ts";

const API = "/api/auth/passkey";

/** What a device answers when a person turns away, or lets it wait too long. */
const TURNED_AWAY: readonly string[] = ["NotAllowedError", "AbortError"];

/** @see https://developer.mozilla.org/docs/Web/API/PublicKeyCredential/parseCreationOptionsFromJSON_static */
function canUsePasskeys(): boolean {
  return (
    "PublicKeyCredential" in globalThis &&
    "parseCreationOptionsFromJSON" in PublicKeyCredential &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential
  );
}

export function offerPasskeySignIn(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-passkey-sign-in]");
  if (button === null || !canUsePasskeys()) return;
  const next = button.dataset["next"] ?? "/account";
  // Only one request may wait for the device: the button's takes the place of the suggestion's.
  let waiting = new AbortController();
  show(button);
  button.addEventListener("click", () => {
    waiting.abort();
    waiting = new AbortController();
    void signIn(next, { signal: waiting.signal });
  });
  void suggest(next, waiting.signal);
}

/** Passkeys among the browser's suggestions for the e-mail field, where it can do so. */
async function suggest(next: string, signal: AbortSignal): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return;
  await signIn(next, { signal, mediation: "conditional" });
}

async function signIn(next: string, request: Omit<CredentialRequestOptions, "publicKey">): Promise<void> {
  const isAsked = request.mediation !== "conditional";
  if (isAsked) complain(null);
  const options = await callApi<PublicKeyCredentialRequestOptionsJSON>(
    "GET",
    `${API}/generate-authenticate-options`,
  );
  if (!options.ok) {
    if (isAsked) complain(refusalText(options));
    return;
  }
  const credential = await fromDevice(
    () =>
      navigator.credentials.get({
        ...request,
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.value),
      }),
    isAsked,
  );
  if (credential === null) return;
  const answer = await callApi("POST", `${API}/verify-authentication`, { response: credential.toJSON() });
  if (answer.ok) location.assign(next);
  else complain(refusalText(answer, "This passkey opens no account here. Sign in with your password."));
}

export function offerNewPasskey(): void {
  const form = document.querySelector<HTMLFormElement>("[data-new-passkey]");
  if (form === null) return;
  if (!canUsePasskeys()) {
    show(document.querySelector("[data-passkey-unsupported]"));
    return;
  }
  show(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = new FormData(form).get("name");
    void make(typeof name === "string" ? name.trim() : "");
  });
}

async function make(name: string): Promise<void> {
  complain(null);
  const options = await callApi<PublicKeyCredentialCreationOptionsJSON>(
    "GET",
    `${API}/generate-register-options`,
  );
  if (!options.ok) {
    complain(refusalText(options, SIGNED_OUT));
    return;
  }
  const credential = await fromDevice(
    () =>
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.value),
      }),
    true,
  );
  if (credential === null) return;
  const answer = await callApi("POST", `${API}/verify-registration`, {
    response: credential.toJSON(),
    ...(name === "" ? {} : { name }),
  });
  if (answer.ok) location.assign("/account/security?said=passkey_added");
  else complain(refusalText(answer, SIGNED_OUT));
}

/** What the device gave, or null: then it was said why, where somebody asked for it. */
async function fromDevice(
  ask: () => Promise<Credential | null>,
  isAsked: boolean,
): Promise<PublicKeyCredential | null> {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch (error) {
    if (isAsked) complain(deviceText(error));
    return null;
  }
}

function deviceText(error: unknown): string | null {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "AbortError") return null;
  if (name === "InvalidStateError") return "This device has a passkey for this account already.";
  if (TURNED_AWAY.includes(name)) return "Nothing was done: it was cancelled, or took too long.";
  return "This browser cannot use passkeys here.";
}

const TEXTS: Partial<Record<Problem["code"], string>> = {
  rate_limited: "Too many attempts. Please wait a minute and try again.",
  sign_in_again: "It has been a while: please sign out and in again first.",
};
const UNAVAILABLE = "This is not possible right now. Please try again in a moment.";
const SIGNED_OUT = "You are not signed in any more. Please sign in again.";
const FAILED = "That did not work. Please try again.";

/** @param unknown said where the store knows no such passkey */
function refusalText(
  { status, problem }: Extract<ApiResult<unknown>, { ok: false }>,
  unknown = FAILED,
): string {
  const text = problem?.code === undefined ? undefined : TEXTS[problem.code];
  if (status === 0 || status >= 500) return UNAVAILABLE;
  return status === 401 ? unknown : (text ?? FAILED);
}

/** Says what went wrong beside the button; null takes it back. */
function complain(text: string | null): void {
  const place = document.querySelector<HTMLElement>("[data-passkey-problem]");
  if (place === null) return;
  place.textContent = text;
  place.hidden = text === null;
}
