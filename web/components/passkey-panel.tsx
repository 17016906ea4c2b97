/** The passkeys of an account: each can be removed; another one is made by browser code (web/islands/passkeys.ts). */
import { AgainNote, type Shown } from "./again-note.tsx";
import { KeyIcon } from "./icons.tsx";
import { TimeText } from "./time-text.tsx";

export interface PasskeyView {
  readonly id: string;
  readonly name: string;
  /** RFC 3339; null where it is not known. */
  readonly createdAt: string | null;
}

export const MAX_PASSKEY_NAME_LENGTH = 100;

export function PasskeyPanel({ passkeys }: { readonly passkeys: Shown<PasskeyView> }) {
  return (
    <section class="panel" aria-labelledby="security-passkeys">
      <h2 id="security-passkeys" class="panel-title">
        Passkeys
      </h2>
      <p>
        A passkey signs you in with your finger, your face or your device’s PIN. It cannot be guessed, and no
        false page can have it from you.
      </p>
      {passkeys.kind !== "shown" ? (
        <AgainNote why={passkeys.kind} />
      ) : (
        <>
          {passkeys.items.length > 0 && (
            <ul class="entries">
              {passkeys.items.map((passkey) => (
                <PasskeyEntry passkey={passkey} />
              ))}
            </ul>
          )}
          <NewPasskey />
        </>
      )}
    </section>
  );
}

function PasskeyEntry({ passkey: { id, name, createdAt } }: { readonly passkey: PasskeyView }) {
  return (
    <li class="entry-item">
      <KeyIcon />
      <div>
        <p class="entry-item-title">{name}</p>
        {createdAt !== null && (
          <p class="fine">
            Made <TimeText at={createdAt} />
          </p>
        )}
      </div>
      <form method="post" action="/account/security/passkeys/remove">
        <input type="hidden" name="id" value={id} />
        <button class="link-button" type="submit">
          Remove<span class="visually-hidden"> {name}</span>
        </button>
      </form>
    </li>
  );
}

function NewPasskey() {
  return (
    <>
      <form class="form entry-form" data-new-passkey hidden>
        <div class="field">
          <label class="field-label" for="field-passkeyName">
            Name <span class="field-optional">optional</span>
          </label>
          <input
            class="input"
            id="field-passkeyName"
            name="name"
            maxlength={MAX_PASSKEY_NAME_LENGTH}
            autocomplete="off"
            placeholder="My phone"
          />
        </div>
        <button class="button button-small" type="submit">
          Make a passkey
        </button>
        <p class="field-error" role="alert" data-passkey-problem hidden></p>
      </form>
      <p class="fine" data-passkey-unsupported hidden>
        This browser cannot make passkeys here.
      </p>
      <noscript>
        <p class="fine">Making a passkey needs JavaScript. Everything else here works without.</p>
      </noscript>
    </>
  );
}
