import { useId } from "react";
import { describing, Field, type FieldProps } from "./field.tsx";

/** One of several. */
export function Select<T extends string>({
  value,
  onChange,
  options,
  disabled = false,
  ...field
}: FieldProps & {
  value: T;
  onChange: (value: T) => void;
  options: readonly { readonly value: T; readonly label: string }[];
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <Field id={id} {...field}>
      <select
        {...describing(id, field)}
        className="input"
        value={value}
        disabled={disabled}
        onChange={({ target }) => onChange(target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
