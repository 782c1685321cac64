import type { ZkcmpError } from "@zkcmp/field/error";
import { BundleError } from "@zkcmp/sale/bundle";
import { CsvError } from "@zkcmp/network/csv";
import { EncodingError } from "@zkcmp/network/encoding";
import { FloatNetworkError } from "@zkcmp/network/float-network";
import { IdxError } from "@zkcmp/network/idx";
import { FileFormatError } from "@zkcmp/network/json-file";
import { NetworkError } from "@zkcmp/network/network";
import { OnnxError } from "@zkcmp/network/onnx-tensor";
import { QuantiseError } from "@zkcmp/network/quantise";
import { ScoreError } from "@zkcmp/network/score";
import { ShapeError } from "@zkcmp/network/shape";
import { TestSetError } from "@zkcmp/network/testset";
import { DeclinedError, FileError, KeyError, NotYetError, UsageError } from "./cli-error.ts";
import type { ExitName } from "./exit-code.ts";

type ErrorClass = abstract new (...args: never[]) => ZkcmpError;

const KINDS: readonly (readonly [ExitName, readonly ErrorClass[]])[] = [
  ["usage", [UsageError]],
  [
    "file",
    [
      FileError,
      FileFormatError,
      BundleError,
      CsvError,
      IdxError,
      OnnxError,
      NetworkError,
      FloatNetworkError,
      ShapeError,
      TestSetError,
      EncodingError,
      QuantiseError,
      ScoreError,
    ],
  ],
  ["key", [KeyError]],
  ["time", [NotYetError]],
  ["declined", [DeclinedError]],
];

/** Which exit code an error of ours has. One that is not in the table comes from a check. */
export function errorKind(error: ZkcmpError): ExitName {
  return KINDS.find(([, classes]) => classes.some((known) => error instanceof known))?.[0] ?? "refused";
}
