import { useId } from "react";
import { describing, Field, type FieldProps } from "./field.tsx";

/** A number as text: the page parses it, so that nothing is rounded unseen. */
export function NumberField({
  value,
  onChange,
  unit,
  whole = false,
  disabled = false,
  ...field
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  /** Shown behind the number. */
  unit?: string;
  whole?: boolean;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <Field id={id} {...field}>
      <div className="input-row">
        <input
          {...describing(id, field)}
          className="input input-number"
          type="text"
          inputMode={whole ? "numeric" : "decimal"}
          autoComplete="off"
          value={value}
          disabled={disabled}
          onChange={({ target }) => onChange(target.value)}
        />
        {unit !== undefined && <span className="input-unit">{unit}</span>}
      </div>
    </Field>
  );
}
