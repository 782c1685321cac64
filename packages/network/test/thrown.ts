import { ZkcmpError } from "@zkcmp/field/error";
import { expect } from "chai";

/** What a callback throws; fails unless that is one of our errors with a problem and a fix. */
export function thrown(callback: () => unknown): ZkcmpError {
  let error: unknown;
  try {
    callback();
  } catch (caught) {
    error = caught;
  }
  return ours(error);
}

/** The same for what a promise rejects with. */
export async function rejected(promise: Promise<unknown>): Promise<ZkcmpError> {
  return ours(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

function ours(error: unknown): ZkcmpError {
  expect(error, "nothing, or no error of ours, was thrown").to.be.instanceOf(ZkcmpError);
  const found = error as ZkcmpError;
  expect(found.fix).to.not.equal("");
  return found;
}
