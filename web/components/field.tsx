/**
 * A labelled form field that keeps its value and says what is wrong with it right below. The place for that is always there, so
 * that browser code can fill it.
 */
import type { Child } from "hono/jsx";

interface LabelledProps {
  readonly name: string;
  readonly label: string;
  readonly error: string | null;
  /** `in-part`: for some choices in the same form only; the server says where. */
  readonly required?: boolean | "in-part";
  readonly hint?: string;
  /** Columns it takes on wide screens. */
  readonly width?: "full" | "half" | "third" | "two-thirds";
}

export interface FieldProps extends LabelledProps {
  readonly value: string;
  readonly autocomplete: string;
  readonly type?: "text" | "email" | "password";
  readonly inputmode?: "email" | "text" | "numeric";
  readonly maxlength: number;
  readonly minlength?: number;
  readonly autocapitalize?: "none" | "words" | "characters";
}

export function Field(props: FieldProps) {
  const { name, value, maxlength, autocomplete, autocapitalize, inputmode, required = true } = props;
  return (
    <FieldFrame {...props}>
      <input
        class="input"
        id={`field-${name}`}
        name={name}
        type={props.type ?? "text"}
        value={value}
        maxlength={maxlength}
        minlength={props.minlength}
        autocomplete={autocomplete}
        autocapitalize={autocapitalize}
        inputmode={inputmode}
        spellcheck={false}
        required={required === true}
        {...stateOf(props)}
      />
    </FieldFrame>
  );
}

export interface SelectFieldProps extends LabelledProps {
  readonly selected: string;
  readonly autocomplete: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function SelectField(props: SelectFieldProps) {
  const { name, selected, options, autocomplete, required = true } = props;
  return (
    <FieldFrame {...props}>
      <select
        class="select"
        id={`field-${name}`}
        name={name}
        autocomplete={autocomplete}
        required={required === true}
        {...stateOf(props)}
      >
        {options.map(({ value, label }) => (
          <option value={value} selected={value === selected}>
            {label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

function FieldFrame(props: LabelledProps & { readonly children?: Child }) {
  const { name, label, error, hint, required = true, width = "full" } = props;
  const id = `field-${name}`;
  return (
    <div class="field" data-width={width} data-invalid={error === null ? undefined : ""}>
      <label class="field-label" for={id}>
        <span data-label>{label}</span>
        {required === false && <span class="field-optional"> optional</span>}
      </label>
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {props.children}
      <p class="field-error" id={`${id}-error`} hidden={error === null}>
        {error}
      </p>
    </div>
  );
}

/** What assistive technology is told of the control itself. */
function stateOf({ name, error, hint }: LabelledProps) {
  const id = `field-${name}`;
  const described = [hint === undefined ? null : `${id}-hint`, error === null ? null : `${id}-error`]
    .filter((part) => part !== null)
    .join(" ");
  return {
    "aria-invalid": error === null ? undefined : ("true" as const),
    "aria-describedby": described === "" ? undefined : described,
  };
}
