/**
 * The root of every error that zkcmp throws on purpose: it names the input that was wrong and what to do about it.
 * Messages never contain a secret.
 */
export abstract class ZkcmpError extends Error {
  /** What was wrong, without a full stop. */
  readonly problem: string;
  /** One sentence for the user: what to do now. */
  readonly fix: string;

  constructor(problem: string, fix: string, options?: ErrorOptions) {
    super(`${problem}. ${fix}`, options);
    this.name = new.target.name;
    this.problem = problem;
    this.fix = fix;
  }
}
