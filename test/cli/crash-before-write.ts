/*
 * Loaded into zkcmp with --import: kills the process, as a crash would, right before it puts the file number
 * ZKCMP_TEST_CRASH_BEFORE_WRITE into its place. All of zkcmp's durable writes end with a rename or a link.
 */
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const last = process.env.ZKCMP_TEST_CRASH_BEFORE_WRITE;
let count = 0;

function isThereAlready(from: string, to: string): boolean {
  return fs.existsSync(to) && fs.statSync(from).isFile() && fs.readFileSync(to).equals(fs.readFileSync(from));
}

function countWrite(from: string, to: string): void {
  // Locks hold no state: whoever comes next takes over the lock of a process that is dead.
  if (/\.(lock|takeover)$/.test(to)) return;
  // What is there already does not change anything.
  if (isThereAlready(from, to)) return;
  count += 1;
  if (count === Number(last)) process.kill(process.pid, "SIGKILL");
}

function install(): void {
  const { rename, link } = promises;
  const { renameSync, linkSync } = fs;
  Object.assign(promises, {
    rename: async (from: string, to: string) => {
      countWrite(from, to);
      return rename(from, to);
    },
    link: async (from: string, to: string) => {
      countWrite(from, to);
      return link(from, to);
    },
  });
  Object.assign(fs, {
    renameSync: (from: string, to: string) => {
      countWrite(from, to);
      renameSync(from, to);
    },
    linkSync: (from: string, to: string) => {
      countWrite(from, to);
      linkSync(from, to);
    },
  });
  syncBuiltinESMExports();
}

// A test runner that loads every file of the folder must not be changed by it.
if (last !== undefined) install();
