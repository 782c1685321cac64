import type { ReactNode } from "react";

/** What every field has: a label, perhaps a hint, perhaps what is wrong with its value. */
export interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value, or null. */
  readonly problem?: string | null;
}

/** Attributes that tie an input to its hint and its problem. */
export function describing(id: string, { hint, problem }: FieldProps) {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return {
    id,
    "aria-describedby": described === "" ? undefined : described,
    "aria-invalid": problem ? true : undefined,
  };
}

/** Label, input, hint and problem, one below the other. */
export function Field({ id, label, hint, problem, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p className="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
