import { ZkcmpError } from "@zkcmp/field/error";

/** A step of a round is refused by this program; says which rule. Nothing was sent. */
export class RoundError extends ZkcmpError {}

/** A step of a round comes too early or too late; says when its time is. Nothing was sent. */
export class RoundTimeError extends ZkcmpError {}

/** The contract of a round is not the one that this version knows, or not made for the key that was verified here. */
export class RewardsCodeError extends ZkcmpError {}

/** ShapleyRewards refuses a call; says which rule, with its arguments. */
export class RewardsRevertError extends ZkcmpError {}
