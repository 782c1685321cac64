/** What the page has for a command of the command line, as it stands in the middle of a sentence. */
const PLACES: Readonly<Record<string, string>> = {
  status: "the deal’s page",
  "order create": "the step “Sign the order”",
  "order reveal": "the step “Reveal the test set”",
  "sample commit": "the step “Claim your rows”",
  "sample open": "the step “Draw the rows”",
  verify: "the step “Check the bundle”",
  fund: "the step “Fund”",
  unseal: "the step “Open the network”",
  refund: "the step “Or take the price back”",
  withdraw: "the part “Your credit” of the deal’s page",
  seal: "the page Sell",
  offer: "the sale’s page",
  prove: "the sale’s page",
  "network import": "the page Sell",
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
  "round forward": "the sale’s page",
};

/** Other words of the command line, and what they are on the page. */
const PHRASES: readonly (readonly [string, string])[] = [
  ["by the same command", "by the same step"],
  ["run the same command again", "begin the same step again"],
  ["Run the same command again", "Begin the same step again"],
  ["Run it again without --split", "Offer it again without a share"],
  ["add --key-is-public to send it all the same", "send it all the same with the button of this step"],
  ["add --accept-credit", "tick “Accept a credit where the token refuses to pay now”"],
  ["add --raise-fee", "tick “Pay a higher fee”, or speed it up in your wallet"],
  ["with --rpc-url or --relay-url", "with another node in the page’s address (?rpc=…)"],
  ["Give a file that `zkcmp journal backup` wrote, or that the page gave you", "Give a backup of a journal"],
  [", or name the journal's folder with --home", ", or restore the journal on the page Keys"],
];

/**
 * Words that were written for the command line, for those who use the page: its commands become the steps and pages that
 * do the same. A command that the page has nothing for stays, and is called one of the command line.
 */
export function inPageWords(text: string): string {
  const phrased = PHRASES.reduce((words, [from, to]) => words.replaceAll(from, to), text);
  return phrased.replaceAll(/`zkcmp ([a-z0-9 -]+?)(?: --[^`]*)?`/g, (whole, command: string) => {
    return PLACES[command] ?? `${whole} in the command line`;
  });
}

/** The first letter as at the beginning of a sentence, unless the text begins with the name of a file or with a number. */
export function capital(text: string): string {
  return /^[a-z]+(?![\w.-])/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** With a full stop, where the text has no end of its own. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
