import { ZkcmpError } from "@zkcmp/field/error";

/** A check that failed: whoever goes on with this deal may lose money, a test set or a network. */
export class RefusedError extends ZkcmpError {}
