/** What a round does not do for a provider. */
export const PROVIDER_LIMITS: readonly string[] = [
  "The owner cannot cancel the round: without a proof in time the pool is split equally among the providers.",
  "The owner sees your rows, chooses the validation rows and the ridge, and may refuse you a receipt.",
  "Nobody has to fund the pool. Copies of rows, and one provider under several names, shift the shares.",
  "Training loss and values are published exactly: who knows all other rows can confirm guesses of yours with them.",
  "Rows that make the model worse earn nothing.",
];
