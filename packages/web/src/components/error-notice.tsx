import { capital, ended, inPageWords } from "../page-words.ts";
import { asStepError } from "../step-error.ts";
import { Notice } from "./notice.tsx";

/** An error in words: what is wrong, then what to do. Shows nothing where there is none. */
export function ErrorNotice({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const told = asStepError(error);
  const [problem, fix] = [inPageWords(told.problem), inPageWords(told.fix)];
  return (
    <Notice tone="bad" title={ended(capital(problem))}>
      <p>{ended(fix)}</p>
    </Notice>
  );
}
