/** Where an account is signed in, and the ways to end that: one device, all others, or everywhere. */
import { deviceName } from "../device-name.ts";
import { AgainNote, type Shown } from "./again-note.tsx";
import { TimeText } from "./time-text.tsx";

export interface SessionView {
  readonly id: string;
  readonly userAgent: string | null;
  /** Of its sign-in; null where it is not known. */
  readonly address: string | null;
  /** RFC 3339. */
  readonly signedInAt: string;
  readonly isThis: boolean;
}

export function SessionPanel({ sessions }: { readonly sessions: Shown<SessionView> }) {
  const hasOthers = sessions.kind !== "shown" || sessions.items.some(({ isThis }) => !isThis);
  return (
    <section class="panel" aria-labelledby="security-sessions">
      <h2 id="security-sessions" class="panel-title">
        Where you are signed in
      </h2>
      {sessions.kind === "shown" ? (
        <ul class="entries">
          {sessions.items.map((session) => (
            <SessionEntry session={session} />
          ))}
        </ul>
      ) : (
        <AgainNote why={sessions.kind} />
      )}
      <div class="notice-actions">
        {hasOthers && (
          <form method="post" action="/account/security/sessions/end-others">
            <button class="button button-small" data-look="quiet" type="submit">
              Sign out all others
            </button>
          </form>
        )}
        <form method="post" action="/account/security/sessions/end-all">
          <button class="button button-small" data-look="danger" type="submit">
            Sign out everywhere
          </button>
        </form>
      </div>
    </section>
  );
}

function SessionEntry({ session }: { readonly session: SessionView }) {
  const { id, userAgent, address, signedInAt, isThis } = session;
  const name = deviceName(userAgent);
  return (
    <li class="entry-item">
      <div>
        <p class="entry-item-title">
          {name}
          {isThis && <span class="entry-item-mark">This device</span>}
        </p>
        <p class="fine">
          Signed in <TimeText at={signedInAt} />
          {address !== null && ` from ${address}`}
        </p>
      </div>
      {!isThis && (
        <form method="post" action="/account/security/sessions/end">
          <input type="hidden" name="id" value={id} />
          <button class="link-button" type="submit">
            Sign out<span class="visually-hidden"> {name}</span>
          </button>
        </form>
      )}
    </li>
  );
}
