import { ZkcmpError } from "@zkcmp/field/error";

/** The browser refuses to keep files, or has lost them. Messages name files, never contents. */
export class FileDatabaseError extends ZkcmpError {}

/** What is used here of browsers' interfaces, whose types come with browsers' libraries only. */
interface Target {
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}
interface Request<T> extends Target {
  readonly result: T;
  readonly error: { readonly name: string } | null;
}
interface Store {
  get(key: string): Request<unknown>;
  put(value: string, key: string): Request<unknown>;
  add(value: string, key: string): Request<unknown>;
  getAllKeys(range: unknown): Request<unknown[]>;
}
interface Transaction extends Target {
  readonly error: { readonly name: string } | null;
  objectStore(name: string): Store;
}
interface Database extends Target {
  createObjectStore(name: string): void;
  transaction(store: string, mode: "readonly" | "readwrite", options: { durability: "strict" }): Transaction;
  close(): void;
}
interface Factory {
  open(name: string, version: number): Request<Database>;
}
declare const IDBKeyRange: { bound(lower: string, upper: string, lowerOpen: boolean, upperOpen: boolean): unknown };

const NAME = "zkcmp-files";
const STORE = "files";
const VERSION = 1;

/** Seconds to wait for a database whose deletion waits for another page. */
const OPEN_PATIENCE = 10;

/** The open database; null before the first use, and after the browser or another page has closed it. */
let opened: Promise<Database> | null = null;

/**
 * The text under a path.
 * @returns null if there is none
 * @throws {FileDatabaseError}
 */
export async function readText(path: string): Promise<string | null> {
  const text = await inStore("readonly", `Cannot read ${path}`, (store) => store.get(path));
  return (text as string | undefined) ?? null;
}

/**
 * Puts a text under a path, in one transaction that has reached the disk when this returns: there is the old text or the new one,
 * wherever the browser is stopped.
 * @throws {FileDatabaseError}
 */
export async function writeText(path: string, text: string): Promise<void> {
  await inStore("readwrite", `Cannot write ${path}`, (store) => store.put(text, path));
}

/** The same, but never over a text that is there. @returns false if one is */
export async function createText(path: string, text: string): Promise<boolean> {
  try {
    await inStore("readwrite", `Cannot write ${path}`, (store) => store.add(text, path));
    return true;
  } catch (error) {
    if (error instanceof FileDatabaseError && error.cause === "ConstraintError") return false;
    throw error;
  }
}

/** All paths that begin with `folder/`. @throws {FileDatabaseError} */
export async function pathsBelow(folder: string): Promise<string[]> {
  // "0" is the character after "/".
  const range = IDBKeyRange.bound(`${folder}/`, `${folder}0`, false, true);
  return (await inStore("readonly", `Cannot list ${folder}`, (store) => store.getAllKeys(range))) as string[];
}

async function inStore<T>(
  mode: "readonly" | "readwrite",
  problem: string,
  start: (store: Store) => Request<T>,
): Promise<T> {
  const transaction = await begin(mode, problem);
  return new Promise((resolve, reject) => {
    let request: Request<T>;
    try {
      request = start(transaction.objectStore(STORE));
    } catch (cause) {
      return reject(fault(cause, problem));
    }
    // What the request has done counts when the whole transaction is on the disk, not before.
    transaction.addEventListener("complete", () => resolve(request.result));
    // Without an error the browser itself has broken off: the database was closed.
    transaction.addEventListener("abort", () =>
      reject(fault(transaction.error ?? request.error ?? { name: "AbortError" }, problem)),
    );
  });
}

/** A database that was closed under this page is opened once more. */
async function begin(mode: "readonly" | "readwrite", problem: string): Promise<Transaction> {
  for (let attempt = 1; ; attempt++) {
    try {
      opened ??= open();
      return (await opened).transaction(STORE, mode, { durability: "strict" });
    } catch (cause) {
      opened = null;
      if ((cause as Error).name !== "InvalidStateError" || attempt === 2) throw fault(cause, problem);
    }
  }
}

async function open(): Promise<Database> {
  // Browsers throw here, too, where a page may keep nothing.
  const factory = (globalThis as { indexedDB?: Factory | null }).indexedDB;
  if (factory === undefined || factory === null) throw Object.assign(new Error(), { name: "SecurityError" });
  const request = factory.open(NAME, VERSION);
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(Object.assign(new Error(), { name: "TimeoutError" }));
    }, 1000 * OPEN_PATIENCE);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
    request.addEventListener("error", () => {
      clearTimeout(timer);
      reject(request.error);
    });
    request.addEventListener("success", () => {
      clearTimeout(timer);
      const database = request.result;
      // A connection that stays open would keep others from deleting the database or from a later version of it.
      const forget = () => {
        database.close();
        opened = null;
      };
      database.addEventListener("versionchange", forget);
      database.addEventListener("close", forget);
      if (late) database.close();
      else resolve(database);
    });
  });
}

const REFUSED = [
  "this browser does not let the page keep files",
  "Leave the private window, allow this site to store data, and reload the page.",
] as const;

const REASONS: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  QuotaExceededError: ["the browser's storage is full", "Free space on the disk or in the browser, and try again."],
  SecurityError: REFUSED,
  InvalidStateError: REFUSED,
  NotAllowedError: REFUSED,
  AbortError: [
    "the browser closed the database in the middle",
    "Reload the page; if the site's data was deleted, restore the journal from its backup.",
  ],
  TimeoutError: ["the database is held by another tab", "Close all other tabs of this page and reload."],
  VersionError: ["a newer version of this page has changed the database", "Reload the page to get that version."],
};

/** The browser's own words are left out: some quote what was to be written. */
function fault(cause: unknown, problem: string): FileDatabaseError {
  const { name } = (cause ?? { name: "UnknownError" }) as { readonly name: string };
  const [reason, fix] = REASONS[name] ?? [
    `the browser's storage fails (${name})`,
    "Restart the browser; if that does not help, restore the journal from its backup.",
  ];
  return new FileDatabaseError(`${problem}: ${reason}`, fix, { cause: name });
}
