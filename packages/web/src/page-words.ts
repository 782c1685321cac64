/** What the page has for a command of the command line, as it stands in the middle of a sentence. */
const PLACES: Readonly<Record<string, string>> = {
  status: "the deal’s page",
  "order create": "the step “Sign the order”",
  "order reveal": "the step “Reveal the test set”",
  "sample commit": "the seller’s step for the root",
  "sample open": "the step “Draw the rows”",
  verify: "the step “Check the bundle”",
  fund: "the step “Fund”",
  unseal: "the step “Open the network”",
  refund: "the step “Or take the price back”",
  withdraw: "the part “Your credit” of the deal’s page",
  seal: "the page Sell",
  offer: "the page Sell",
  cancel: "the sale’s page",
  redeem: "the sale’s page",
  "keys create": "the page Keys",
  "keys backup": "the page Keys",
  "journal backup": "the page Keys",
  "journal restore": "the page Keys",
  "round status": "the round’s page",
  "round register": "the round’s page",
  "round claim": "the round’s page",
  "round settle": "the round’s page",
  "round samples": "the round’s page",
};

/**
 * Words that were written for the command line, for those who use the page: its commands become the steps and pages that
 * do the same. A command that the page has nothing for stays, and is called one of the command line.
 */
export function inPageWords(text: string): string {
  return text.replaceAll(/`zkcmp ([a-z0-9 -]+?)(?: --[^`]*)?`/g, (whole, command: string) => {
    return PLACES[command] ?? `${whole} in the command line`;
  });
}
