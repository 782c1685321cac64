import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { shareOf, type Split } from "@zkcmp/sale/deal";
import type { Order } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";

/** A share of a price that goes to a round. */
type Share = Omit<Split, "codeHash">;

/** Who gets what of a price. */
export function splitLines({ price, token }: Pick<Order, "price" | "token">, split: Share, seller: string): string[] {
  const share = shareOf(price, split.basisPoints);
  if (split.basisPoints === 0) return [`${formatPrice(price, token)} to ${seller}`];
  return [
    `${formatPrice(price - share, token)} to ${seller}`,
    `${formatPrice(share, token)} (${formatShare(split.basisPoints)}) to the data providers of the round ${roundIdToHex(split.round)} in the rewards contract ${split.rewards}`,
    "a share of which the key comes later than 30 days before the end of the round's claims goes to the buyer: zkcmp withdraw",
  ];
}

/** What a buyer has to know of the rewards contract. @param known whether its code is ShapleyRewards'; null if not looked at */
export function rewardsLines({ basisPoints }: Share, known: boolean | null): string[] {
  if (basisPoints === 0 || known === true) return [];
  return [
    known === null
      ? "Whether the rewards contract is one was not checked; your price and your key do not depend on it."
      : "The rewards contract is none that this version of zkcmp knows: its share may reach no data provider. Your price and your key do not depend on it.",
  ];
}

/** The same for JSON; null without a split. */
export function splitJson({ price }: Pick<Order, "price">, { rewards, round, basisPoints }: Share) {
  if (basisPoints === 0) return null;
  return { rewards, roundId: roundIdToHex(round), basisPoints, share: shareOf(price, basisPoints) };
}

/** Hundredths of a per cent in words. */
export function formatShare(basisPoints: number): string {
  return `${basisPoints / 100} %`;
}
