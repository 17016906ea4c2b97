/** Who gets the parcel, and where: the country first, because it names the parts that follow. */
import { addressWords } from "../address-words.ts";
import { FIELD_RULES, type TypedField } from "../checkout-rules.ts";
import { fieldLabel, type CheckoutValues } from "./checkout-values.ts";
import { shippingCountries } from "./countries.ts";
import { Field, SelectField } from "./field.tsx";

export interface AddressFieldsProps {
  readonly values: CheckoutValues;
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  readonly error: (name: TypedField) => string | null;
}

export function AddressFields({ values, countries, error }: AddressFieldsProps) {
  const { country } = values;
  const field = (name: TypedField) => ({
    name,
    label: fieldLabel(name, country),
    value: values[name],
    error: error(name),
    maxlength: FIELD_RULES[name].max,
  });
  return (
    <fieldset class="fieldset">
      <legend>Delivery address</legend>
      <Field {...field("name")} autocomplete="shipping name" autocapitalize="words" />
      <SelectField
        name="country"
        label={fieldLabel("country", country)}
        selected={country}
        error={error("country")}
        autocomplete="shipping country"
        options={shippingCountries(countries).map(({ code, name }) => ({ value: code, label: name }))}
      />
      <Field {...field("line1")} autocomplete="shipping address-line1" />
      <Field {...field("line2")} autocomplete="shipping address-line2" required={false} />
      <Field
        {...field("postalCode")}
        autocomplete="shipping postal-code"
        inputmode={addressWords(country).digitsOnly ? "numeric" : "text"}
        autocapitalize="characters"
        required="in-part"
        width="third"
      />
      <Field {...field("city")} autocomplete="shipping address-level2" width="two-thirds" />
      <Field
        {...field("region")}
        autocomplete="shipping address-level1"
        autocapitalize="words"
        required="in-part"
        hint="Required in Australia, Canada, Japan, and the United States."
      />
    </fieldset>
  );
}
