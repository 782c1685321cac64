import { useId } from "react";
import { describing, Field, type FieldProps } from "./field.tsx";

/** A line, or with `rows` a block, of text. */
export function TextField({
  value,
  onChange,
  placeholder,
  rows,
  mono = false,
  disabled = false,
  ...field
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  rows?: number;
  mono?: boolean;
  disabled?: boolean;
}) {
  const id = useId();
  const attributes = {
    ...describing(id, field),
    className: mono ? "input mono" : "input",
    value,
    placeholder,
    disabled,
    autoComplete: "off",
    spellCheck: false,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return (
    <Field id={id} {...field}>
      {rows === undefined ? <input type="text" {...attributes} /> : <textarea rows={rows} {...attributes} />}
    </Field>
  );
}
