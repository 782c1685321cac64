import { readJsonText } from "@zkcmp/network/json-file";
import { decodeOrderFile, ORDER_FILE, type OrderFile } from "@zkcmp/sale/order-file";

/** Reads an order file and checks it as {@link decodeOrderFile} does. @throws FileFormatError, OrderError, RefusedError */
export async function readOrderFile(path: string): Promise<OrderFile> {
  return decodeOrderFile(await readJsonText(path, ORDER_FILE), path);
}
