import { ZkcmpError } from "@zkcmp/field/error";

/** An option or argument that cannot be. */
export class UsageError extends ZkcmpError {}

/** A file that this program was to write or read and cannot. */
export class FileError extends ZkcmpError {}

/** A key or password that is missing, wrong, or not allowed here. */
export class KeyError extends ZkcmpError {}

/** A question that was not answered with yes. */
export class DeclinedError extends ZkcmpError {}

export { RefusedError } from "@zkcmp/sale/refused-error";

/** Something that must be waited for. */
export class NotYetError extends ZkcmpError {}
