/** A labelled form field that keeps its value and says what is wrong with it right below. */

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly autocomplete: string;
  readonly type?: "text" | "email";
  readonly inputmode?: "email" | "text";
  readonly maxlength: number;
  readonly required?: boolean;
  readonly hint?: string;
  /** Columns it takes on wide screens. */
  readonly width?: "full" | "half" | "third" | "two-thirds";
  readonly autocapitalize?: "none" | "words" | "characters";
}

export function Field(props: FieldProps) {
  const { name, error, hint, required = true, type = "text" } = props;
  const id = `field-${name}`;
  const described = [hint === undefined ? null : `${id}-hint`, error === null ? null : `${id}-error`];
  const describedBy = described.filter((part) => part !== null).join(" ");
  return (
    <div class="field" data-width={props.width ?? "full"} data-invalid={error === null ? undefined : ""}>
      <label class="field-label" for={id}>
        {props.label}
        {!required && <span class="field-optional"> optional</span>}
      </label>
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        class="input"
        id={id}
        name={name}
        type={type}
        value={props.value}
        maxlength={props.maxlength}
        autocomplete={props.autocomplete}
        autocapitalize={props.autocapitalize}
        inputmode={props.inputmode}
        spellcheck={false}
        required={required}
        aria-invalid={error === null ? undefined : "true"}
        aria-describedby={describedBy === "" ? undefined : describedBy}
      />
      {error !== null && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
