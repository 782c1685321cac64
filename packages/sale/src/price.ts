import { ZkcmpError } from "@zkcmp/field/error";
import { ETHER } from "./ether.ts";

/*
 * Amounts as people write and read them. Without ethers and zod, so that a view can show a price without loading either.
 */

/** A text that is no amount, or has more decimals than its unit. */
export class PriceError extends ZkcmpError {}

/** Of ether. */
export const ETHER_DECIMALS = 18;

/**
 * An amount in smallest units, exactly.
 * @param text a positive decimal number of ether or whole tokens, or whole smallest units followed by `wei`
 * @param decimals of the token, 0 to 255; {@link ETHER_DECIMALS} for ether
 * @throws {PriceError}
 */
export function parseAmount(text: string, decimals: number): bigint {
  const match = AMOUNT.exec(text);
  const [, whole = "", fraction = "", wei] = match ?? [];
  if (match === null || (wei !== undefined && fraction !== "") || /^0*$/.test(whole + fraction)) {
    throw new PriceError(
      `the amount ${text} is no price`,
      "Give a positive decimal number such as 0.25, or whole smallest units such as 1000wei.",
    );
  }
  if (wei !== undefined) return BigInt(whole);
  const digits = fraction.replace(/0+$/, "");
  if (digits.length > decimals) {
    throw new PriceError(`the price ${text} has more than ${decimals} decimals`, "Give fewer decimals.");
  }
  return BigInt(whole + digits.padEnd(decimals, "0"));
}

const AMOUNT = /^([0-9]+)(?:\.([0-9]+))?(wei)?$/;

/** A price in words. @param price in smallest units */
export function formatPrice(price: bigint, token: string): string {
  return token === ETHER
    ? `${formatUnits(price, ETHER_DECIMALS)} ether`
    : `${price} smallest units of the token ${token}`;
}

/**
 * An amount for the eye, where its last digits decide nothing: ether to six decimals, tokens exactly.
 * @param amount in smallest units, 0 or more
 * @param towards "more" for what is to be paid, "less" for what is there: so nobody finds themselves short
 */
export function formatRounded(amount: bigint, token: string, towards: "more" | "less"): string {
  if (token !== ETHER) return formatPrice(amount, token);
  const step = 10n ** 12n;
  return formatPrice((towards === "more" ? (amount + step - 1n) / step : amount / step) * step, token);
}

/**
 * An amount as a decimal number, exactly, with at least one digit behind the point, as ethers writes it.
 * @param amount in smallest units
 */
export function formatUnits(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const sign = amount < 0n ? "-" : "";
  if (decimals === 0) return sign + digits;
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -decimals)}.${fraction === "" ? "0" : fraction}`;
}
