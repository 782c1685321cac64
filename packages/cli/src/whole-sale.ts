/** The end of `zkcmp --help`: all steps of a sale in order. */
export const WHOLE_SALE = `
A whole sale on one computer and the embedded chain (S: the seller, account 0; B: the buyer, account 1):
  B  zkcmp keys create --no-keystore
  S  zkcmp network import model.onnx --calibration train.csv --out network.json --encoding-out encoding.json
  B  zkcmp order create test.csv --encoding encoding.json --threshold 95 --price 0.5 --out order.json --account 1
  S  zkcmp seal order.json network.json
  S  zkcmp offer order.json --account 0
  B  zkcmp order reveal order.json --deal ID --out reveal.json
  S  zkcmp prove order.json --reveal reveal.json --out bundle.json
  B  zkcmp verify bundle.json
  B  zkcmp fund bundle.json --account 1
  S  zkcmp redeem order.json --account 0
  B  zkcmp unseal order.json --out bought.json

If the seller does not redeem in time, the buyer gets the price back:
  B  zkcmp refund order.json --account 1

If drawn rows are to be proven (order create --sampled-rows 86), these steps stand in the place of prove:
  S  zkcmp sample commit order.json --reveal reveal.json --out root.json --account 0
  B  zkcmp sample open order.json --root root.json --out nonce.json
  S  zkcmp prove order.json --nonce nonce.json --out bundle.json

On another chain, name a node with --rpc-url and use keystores (zkcmp keys create) in the place of numbers. Each party
keeps its own --home. Proofs are libra's, which needs no setup. With \`seal --proof-system groth16\` the two first make a
proving key together (zkcmp setup --help).
`;
