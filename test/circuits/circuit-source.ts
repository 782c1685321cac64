/** A statement of a circom source that makes a constraint. */
export interface ConstraintStatement {
  readonly template: string;
  /** Line of the statement, from 1. */
  readonly line: number;
  /** The statement without comments, on one line, up to its semicolon. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The text with comments turned into blanks, so that positions stay. */
function withoutComments(source: string): string {
  return source.replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
}

/** Every `<==` and `===` of a source, in order. */
export function constraintStatements(source: string): ConstraintStatement[] {
  const code = withoutComments(source);
  const templates = [...code.matchAll(/\btemplate\s+(\w+)/g)];
  return [...code.matchAll(/[^;{}]*(?:<==|===)[^;]*;/g)].map((match) => {
    const start = match.index + match[0].search(/\S/);
    const template = templates.findLast(({ index }) => index < start)?.[1] ?? "";
    return {
      template,
      line: code.slice(0, start).split("\n").length,
      text: match[0].trim().replace(/\s+/g, " "),
      start,
      end: match.index + match[0].length,
    };
  });
}

/** The source with one statement weakened: `a <== e` still computes a, but pins nothing; `e === f` is gone. */
export function weaken(source: string, { start, end }: ConstraintStatement): string {
  const statement = source.slice(start, end);
  const weaker = statement.includes("<==") ? statement.replace("<==", "<--") : "";
  return source.slice(0, start) + weaker + source.slice(end);
}

/** The source with its assignments only: every `===` is gone. */
export function assignmentsOnly(source: string): string {
  return constraintStatements(source)
    .filter(({ text }) => text.includes("==="))
    .reduceRight((text, statement) => weaken(text, statement), source);
}
