/** The fields that the account's forms share, with what browsers and password managers want to know of each. */
import { MIN_PASSWORD_LENGTH } from "../../src/contracts/accounts.ts";
import {
  ACCOUNT_FIELD_LENGTHS,
  ACCOUNT_LABELS,
  NEW_PASSWORD_HINT,
  type AccountField,
  type FieldMessages,
} from "../account-rules.ts";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";

interface AccountFieldProps {
  readonly errors: FieldMessages;
  /** As typed before; a password never is. */
  readonly value?: string;
  readonly hint?: string;
}

export function NameField({ errors, value = "", hint }: AccountFieldProps) {
  return (
    <Field
      name="name"
      label={ACCOUNT_LABELS.name}
      autocomplete="name"
      autocapitalize="words"
      maxlength={ACCOUNT_FIELD_LENGTHS.name}
      value={value}
      error={errors.get("name") ?? null}
      {...(hint === undefined ? {} : { hint })}
    />
  );
}

interface EmailFieldProps extends AccountFieldProps {
  readonly name?: "email" | "newEmail";
  /** `username webauthn` where a passkey may be offered in its place. */
  readonly autocomplete?: "username" | "username webauthn" | "email";
}

export function EmailField(props: EmailFieldProps) {
  const { name = "email", autocomplete = "username", errors, value = "", hint } = props;
  return (
    <Field
      name={name}
      label={ACCOUNT_LABELS[name]}
      type="email"
      inputmode="email"
      autocomplete={autocomplete}
      autocapitalize="none"
      maxlength={ACCOUNT_FIELD_LENGTHS[name]}
      value={value}
      error={errors.get(name) ?? null}
      {...(hint === undefined ? {} : { hint })}
    />
  );
}

/** A password that is known already: what it is like is not judged. */
export function PasswordField({
  name,
  errors,
}: {
  readonly name: "password" | "currentPassword";
  readonly errors: FieldMessages;
}) {
  return (
    <Field
      name={name}
      label={ACCOUNT_LABELS[name]}
      type="password"
      autocomplete="current-password"
      maxlength={ACCOUNT_FIELD_LENGTHS[name]}
      value=""
      error={errors.get(name) ?? null}
    />
  );
}

/** A password that is being chosen. Asked for once: whoever mistyped it gets a new one by e-mail. */
export function NewPasswordField({
  name,
  errors,
}: {
  readonly name: "password" | "newPassword";
  readonly errors: FieldMessages;
}) {
  return (
    <Field
      name={name}
      label={ACCOUNT_LABELS[name]}
      type="password"
      autocomplete="new-password"
      minlength={MIN_PASSWORD_LENGTH}
      maxlength={ACCOUNT_FIELD_LENGTHS[name]}
      value=""
      error={errors.get(name) ?? null}
      hint={NEW_PASSWORD_HINT}
    />
  );
}

/** The fields to look at again, with the way to each; takes the focus. Nothing where all was well. */
export function AccountFieldProblems({ errors }: { readonly errors: FieldMessages }) {
  if (errors.size === 0) return null;
  return (
    <Notice tone="error" title="Some details are missing or not quite right" focus>
      <ul class="notice-list">
        {[...errors.keys()].map((field: AccountField) => (
          <li>
            <a href={`#field-${field}`}>{ACCOUNT_LABELS[field]}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
