import { ZkcmpError } from "@zkcmp/field/error";
import type { ExitName } from "./exit-code.ts";

/*
 * Errors are told apart by the names of their classes, so that the table does not load every package before a command runs. A
 * test holds the names to the classes that exist.
 */
const KINDS: Readonly<Record<Exclude<ExitName, "done" | "interrupted">, readonly string[]>> = {
  unexpected: [
    "BoundsError",
    "CircuitInputError",
    "CircuitSourceError",
    "DigitRangeError",
    "FieldRangeError",
    "KernelArgumentError",
    "KernelTrapError",
    "LayeredCircuitError",
    "PoseidonWidthError",
    "ShapleyError",
    "SignalNotFoundError",
    "UnsatisfiedCircuitError",
    "UnsatisfiedStatementError",
    "WitnessCalculatorError",
    "WitnessShapeError",
  ],
  usage: ["DevelopmentKeyNameError", "KeyNameError", "OrderWishError", "PriceError", "UsageError"],
  file: [
    "BinaryFileError",
    "BundleError",
    "CsvError",
    "EmbeddedChainError",
    "EncodingError",
    "FileDatabaseError",
    "FileError",
    "FileExistsError",
    "FileFormatError",
    "FloatNetworkError",
    "IdxError",
    "InferenceError",
    "JournalError",
    "LockError",
    "ModelImportError",
    "NetworkError",
    "OnnxError",
    "PrivateFileError",
    "QuantiseError",
    "RawDataError",
    "RoundShapeError",
    "SampleEncodingError",
    "SampleTableError",
    "SamplesError",
    "ScoreError",
    "ShapeError",
    "TargetEncodingError",
    "TestSetError",
    "TrustStoreError",
  ],
  refused: [
    "BurntTestSetError",
    "SeenRowsError",
    "CeremonyRefusedError",
    "CiphertextLengthError",
    "CircuitTooLargeError",
    "DisclosureError",
    "ErrorBoundError",
    "FundingError",
    "KernelMemoryError",
    "KernelThreadError",
    "ModelCommitmentError",
    "NetworkMismatchError",
    "OfferError",
    "OfferMismatchError",
    "OrderError",
    "PackedWordError",
    "PermutationSamplingError",
    "PlacingError",
    "PointEncodingError",
    "PointError",
    "PreflightError",
    "ProofFormatError",
    "ProofRefusedError",
    "ProvingError",
    "RefusedError",
    "RevealError",
    "RoundError",
    "RoundInputError",
    "RoundWordError",
    "SaleCircuitError",
    "SaleProofLengthError",
    "SaleTooLargeError",
    "SamplingError",
    "SealingError",
    "StatementError",
    "TestSetMismatchError",
    "ThresholdError",
    "TrainingSlackError",
    "UnsealError",
    "VerificationError",
    "VerificationKeyRefusedError",
    "WeakPublicKeyError",
  ],
  chain: [
    "ClockError",
    "EscrowCodeError",
    "EscrowRevertError",
    "FinalityError",
    "NodeError",
    "OutOfFundsError",
    "RewardsCodeError",
    "RewardsRevertError",
    "RpcError",
    "TokenError",
    "TransactionError",
    "WrongChainError",
  ],
  key: [
    "CircuitKeyAmbiguousError",
    "CircuitKeyMissingError",
    "KeyError",
    "KeyNotTrustedError",
    "ProvingKeyError",
    "WalletError",
  ],
  time: ["NotYetError", "RedeemError", "RoundTimeError", "SettlementError", "WaitingError"],
  declined: ["DeclinedError"],
};

const KIND_OF_NAME = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind as ExitName] as const)),
);

/** Which exit code an error of ours has: that of its class, or of the nearest class above it. */
export function errorKind(error: ZkcmpError): ExitName {
  return kindOfClass(error.constructor as ErrorClass) ?? "unexpected";
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** The kind of an error class; null if neither it nor a class above it is in the table. */
export function kindOfClass(errorClass: ErrorClass): ExitName | null {
  for (
    let current = errorClass;
    current !== ZkcmpError && current !== Error;
    current = Object.getPrototypeOf(current)
  ) {
    const kind = KIND_OF_NAME.get(current.name);
    if (kind !== undefined) return kind;
  }
  return null;
}

/** All names in the table, for its test. */
export function namesOfTable(): string[] {
  return [...KIND_OF_NAME.keys()];
}
