// Adds a stub to package-lock.json for every optional platform package that the registry in use could not resolve.
// Without them `npm ci` refuses the lock file ("Missing: ... from lock file") although the package is for another platform.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const PLATFORM =
  /-(darwin|linux|win32|freebsd|openbsd|netbsd|android|sunos|aix|openharmony)-?(x64|amd64|arm64|ia32|arm|ppc64|s390x|riscv64|loong64|mips64el)/;

const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  if (place === "") continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (
      lock.packages[`node_modules/${name}`] !== undefined ||
      lock.packages[`${place}/node_modules/${name}`] !== undefined
    )
      continue;
    const match = PLATFORM.exec(name);
    if (match === null) {
      console.error(`${name} (optional for ${place}) names no platform; it stays out of the lock file`);
      continue;
    }
    const cpu = match[2] === "amd64" ? "x64" : match[2];
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev === true ? { dev: true } : {}),
      ...(entry.engines === undefined ? {} : { engines: entry.engines }),
      optional: true,
      os: [match[1]],
    };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "the lock file is complete" : `added ${added.join(", ")}`);
