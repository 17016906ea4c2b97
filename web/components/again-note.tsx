/** Stands where a part of the security page cannot be shown: because the sign-in is long ago, or because it did not answer. */

/** A part of the page that needs more than being signed in, or that did not answer. */
export type Shown<Item> =
  | { readonly kind: "shown"; readonly items: readonly Item[] }
  | { readonly kind: "sign_in_again" }
  | { readonly kind: "unavailable" };

export function AgainNote({ why }: { readonly why: Exclude<Shown<never>["kind"], "shown"> }) {
  if (why === "unavailable") return <p>This cannot be shown right now. Please come back in a moment.</p>;
  return (
    <p>
      This is shown only shortly after signing in.{" "}
      <a href="/account/sign-in?again=1&next=/account/security">Sign in again</a> to see it.
    </p>
  );
}
