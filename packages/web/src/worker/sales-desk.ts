import type { NewSaleSteps } from "./new-sale-steps.ts";
import type { SaleSession, SaleSteps } from "./sale-steps.ts";

type Given<Name extends keyof SaleSteps> = Parameters<SaleSteps[Name]>;
type GivenNew<Name extends keyof NewSaleSteps> = Parameters<NewSaleSteps[Name]>;

/** What the page asks about the seller's sales. The code behind it is loaded with the first question, see {@link SaleSteps} and {@link NewSaleSteps}. */
export class SalesDesk {
  readonly #session: SaleSession;
  #loaded: Promise<SaleSteps> | null = null;

  constructor(session: SaleSession) {
    this.#session = session;
  }

  /** All sales of the journal. */
  async list(...given: Given<"list">) {
    return (await this.#steps()).list(...given);
  }

  /** One sale, where it stands. */
  async sale(...given: Given<"sale">) {
    return (await this.#steps()).sale(...given);
  }

  /** Who would get what of the price. */
  async shares(...given: Given<"shares">) {
    return (await this.#steps()).shares(...given);
  }

  /** Puts the offer on chain. */
  async offer(...given: Given<"offer">) {
    return (await this.#steps()).offer(...given);
  }

  /** Takes the buyer's test set, for good. */
  async receiveReveal(...given: Given<"receiveReveal">) {
    return (await this.#steps()).receiveReveal(...given);
  }

  /** Claims rows and signs the root; the text of its file. */
  async commitRoot(...given: Given<"commitRoot">) {
    return (await this.#steps()).commitRoot(...given);
  }

  /** Takes the buyer's nonce. */
  async receiveNonce(...given: Given<"receiveNonce">) {
    return (await this.#steps()).receiveNonce(...given);
  }

  /** Proves the sale; the text of the bundle. */
  async prove(...given: Given<"prove">) {
    return (await this.#steps()).prove(...given);
  }

  /** Stops the proof that is being made. */
  async stopProof(...given: Given<"stopProof">) {
    return (await this.#steps()).stopProof(...given);
  }

  /** The text of the bundle, again. */
  async bundle(...given: Given<"bundle">) {
    return (await this.#steps()).bundle(...given);
  }

  /** Takes the offer back. */
  async cancel(...given: Given<"cancel">) {
    return (await this.#steps()).cancel(...given);
  }

  /** Opens the key on chain. */
  async redeem(...given: Given<"redeem">) {
    return (await this.#steps()).redeem(...given);
  }

  /** Takes the account's credit in the deal's token. */
  async withdraw(...given: Given<"withdraw">) {
    return (await this.#steps()).withdraw(...given);
  }

  /** What an order file says. */
  async readOrder(...given: GivenNew<"readOrder">) {
    return (await this.#newSale()).readOrder(...given);
  }

  /** What a finished network file holds. */
  async readNetwork(...given: GivenNew<"readNetwork">) {
    return (await this.#newSale()).readNetwork(...given);
  }

  /** A trained network as one of integers. */
  async importModel(...given: GivenNew<"importModel">) {
    return (await this.#newSale()).importModel(...given);
  }

  /** Whether a network may be sealed for an order, and what its proof takes here. */
  async check(...given: GivenNew<"check">) {
    return (await this.#newSale()).check(...given);
  }

  /** Seals a network for an order; the order's hash. */
  async seal(...given: GivenNew<"seal">) {
    return (await this.#newSale()).seal(...given);
  }

  async #newSale(): Promise<NewSaleSteps> {
    const { NewSaleSteps } = await import("./new-sale-steps.ts");
    return new NewSaleSteps(this.#session);
  }

  async #steps(): Promise<SaleSteps> {
    this.#loaded ??= import("./sale-steps.ts").then(({ SaleSteps }) => new SaleSteps(this.#session));
    try {
      return await this.#loaded;
    } catch (error) {
      // The network may have failed while the code was loaded.
      this.#loaded = null;
      throw error;
    }
  }
}
