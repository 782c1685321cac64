import { type TransferHandler, transferHandlers } from "comlink";
import { type CrossedError, packError } from "./step-error.ts";

/**
 * Makes comlink carry errors as plain data with their words, on both sides of a port: structured clone keeps neither
 * a class nor its fields.
 * @param unpack what this side throws for an error of the other
 */
export function carryErrors(unpack: (crossed: CrossedError) => Error): void {
  const own = transferHandlers.get("throw") as TransferHandler<unknown, unknown>;
  transferHandlers.set("throw", {
    canHandle: own.canHandle as (value: unknown) => value is unknown,
    serialize: (thrown: { value: unknown }) => [packError(thrown.value), []],
    deserialize: (crossed: CrossedError) => {
      throw unpack(crossed);
    },
  } as TransferHandler<unknown, unknown>);
}
