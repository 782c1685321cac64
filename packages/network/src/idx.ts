import { bytesFile } from "#bytes-file";
import { ZkcmpError } from "@zkcmp/field/error";
import { gunzip, isGzip } from "./gzip.ts";

/** Grey images with pixels 0 to 255, row-major. */
export interface IdxImages {
  readonly height: number;
  readonly width: number;
  readonly images: readonly Uint8Array[];
}

/** Images and the class of each. */
export interface LabelledImages extends IdxImages {
  readonly labels: Uint8Array;
}

/** A file that is not a whole IDX file, or images and labels that do not belong together. */
export class IdxError extends ZkcmpError {}

const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;
const MAX_BYTES = 1 << 30;

/**
 * Parses an IDX file of unsigned bytes with three dimensions (count, height, width), gzipped or not.
 * Format: the IDX file format section of Y. LeCun et al., "The MNIST database of handwritten digits".
 * @param name stands for the file in errors
 * @throws IdxError for a bad magic number, a broken gzip stream, too few or too many bytes
 */
export async function parseIdxImages(bytes: Uint8Array, name: string): Promise<IdxImages> {
  const { dimensions, data } = await parseIdx(bytes, name, IMAGES_MAGIC, "images");
  const [count, height, width] = dimensions as [number, number, number];
  const size = height * width;
  const images = Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size));
  return { height, width, images };
}

/**
 * Parses an IDX file of unsigned bytes with one dimension, gzipped or not.
 * @param classes labels must be below this number
 * @throws IdxError as {@link parseIdxImages}, and for a label out of range
 */
export async function parseIdxLabels(bytes: Uint8Array, name: string, classes = 10): Promise<Uint8Array> {
  const { data } = await parseIdx(bytes, name, LABELS_MAGIC, "labels");
  const wrong = data.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new IdxError(
      `${name}: label ${wrong + 1} is ${data[wrong]}`,
      `With ${classes} classes, labels run from 0 to ${classes - 1}`,
    );
  }
  return data;
}

/**
 * Reads a pair of IDX files.
 * @throws IdxError also when a file cannot be read or the counts differ
 */
export async function readIdx(imagesPath: string, labelsPath: string, classes = 10): Promise<LabelledImages> {
  const images = await parseIdxImages(await readIdxBytes(imagesPath), imagesPath);
  const labels = await parseIdxLabels(await readIdxBytes(labelsPath), labelsPath, classes);
  return pairIdx(images, labels);
}

/** @throws IdxError when the counts differ */
export function pairIdx(images: IdxImages, labels: Uint8Array): LabelledImages {
  if (images.images.length !== labels.length) {
    throw new IdxError(
      `There are ${images.images.length} images and ${labels.length} labels`,
      "Give the images and the labels of the same set",
    );
  }
  return { ...images, labels };
}

/** The bytes of an IDX file. @throws IdxError when it cannot be read */
export async function readIdxBytes(path: string): Promise<Uint8Array> {
  try {
    return await bytesFile.read(path);
  } catch (cause) {
    throw new IdxError(`Cannot read ${path}`, "Give the path of an IDX file, gzipped or not", { cause });
  }
}

async function parseIdx(
  bytes: Uint8Array,
  name: string,
  magic: number,
  what: string,
): Promise<{ dimensions: number[]; data: Uint8Array }> {
  const plain = await unpackIdx(bytes, name);
  const rank = magic & 0xff;
  const header = 4 + 4 * rank;
  if (plain.length < header) {
    throw new IdxError(
      `${name} is cut off: it has ${plain.length} bytes, the header alone takes ${header}`,
      "Get the file again",
    );
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new IdxError(
      `${name} starts with the magic number 0x${hex(found)}, IDX ${what} start with 0x${hex(magic)}`,
      found === IMAGES_MAGIC || found === LABELS_MAGIC
        ? "Images and labels are interchanged"
        : `Give an IDX file of ${what} (unsigned bytes), gzipped or not`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (dimensions.includes(0)) throw new IdxError(`${name} is empty`, `Give a file with at least one of the ${what}`);
  const expected = header + dimensions.reduce((product, size) => product * size, 1);
  if (plain.length !== expected) {
    const state = plain.length < expected ? "cut off" : "too long";
    throw new IdxError(
      `${name} is ${state}: it has ${plain.length} bytes, its header (${dimensions.join(" x ")}) asks for ${expected}`,
      "Get the file again",
    );
  }
  return { dimensions, data: plain.subarray(header) };
}

/** The bytes of an IDX file without gzip around them. @throws IdxError for a broken gzip stream */
export async function unpackIdx(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await gunzip(bytes, MAX_BYTES);
  } catch (cause) {
    throw new IdxError(
      `${name} is not a whole gzip file, or unpacks to more than ${MAX_BYTES} bytes`,
      "Get the file again",
      { cause },
    );
  }
}

function hex(magic: number): string {
  return magic.toString(16).padStart(8, "0");
}
