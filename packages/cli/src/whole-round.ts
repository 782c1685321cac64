/** The end of `zkcmp round --help`: all steps of a round in order. */
export const WHOLE_ROUND = `
A whole round on one computer and the embedded chain (O: the model owner, account 0; P: a data provider, account 1):
  O  zkcmp round encoding validation.csv --features weight,horsepower --target mpg --out encoding.json
  O  zkcmp round shape --encoding encoding.json --providers 3 --rows 40 --validation-rows 100 --out circuit.json
  O  zkcmp round deploy circuit.json --account 0
  O  zkcmp round open validation.csv --encoding encoding.json --rewards ADDRESS --out round.json --account 0
  P  zkcmp round samples round.json rows.csv --out disclosure.json --account 1
  O  zkcmp round accept disclosure.json --out receipt.json --account 0
  P  zkcmp round register round.json --receipt receipt.json --account 1
  O  zkcmp round fund round.json --amount 2 --account 0
  O  zkcmp round prove round.json --out proof.json --network-out model.json --model-salt-out model-salt.json
  O  zkcmp round submit round.json proof.json --account 0
  P  zkcmp round claim round.json --account 1
  P  zkcmp round chart round.json --svg chart.svg
  O  zkcmp round sweep round.json --account 0

A provider who has no ether for gas signs a consent, with which anybody registers it:
  P  zkcmp round register round.json --receipt receipt.json --consent-only --out consent.json --account 1
  O  zkcmp round register round.json --consent consent.json --account 0

If no proof comes in time, anybody settles the round, and the pool is split equally:
  P  zkcmp round settle round.json --account 1

Where sales of the model share their price with the round, anybody moves the shares into the pool:
  P  zkcmp round forward round.json --account 1

More providers than a proof allows register in groups; a group may divide its reward by values sampled with a public seed:
  P  zkcmp round seed round.json --account 1
  P  zkcmp round sample rows.csv --by provider --encoding encoding.json --validation validation.csv --ridge-bits 30 --seed SEED

On another chain, owner and providers make the key of circuit.json together (zkcmp setup --help) before it is deployed, and
each verifies it: a key without your part in it proves nothing to you. Each party keeps its own --home.
`;
