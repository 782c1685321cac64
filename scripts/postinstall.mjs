// Hardhat's native part needs Node >= 22. npm started by an older Node skips its platform package,
// so the install is run once more under the Node that came with the packages.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

if (process.env.ZKCMP_REINSTALL === "1") process.exit(0);

const major = Number(process.versions.node.split(".")[0]);
if (major < 22) {
  console.error(
    `zkcmp needs Node >= 22 to run and found ${process.version}. On Linux x64 and arm64 npm installs one; elsewhere install Node 24.`,
  );
  process.exit(1);
}

try {
  createRequire(import.meta.url)("@nomicfoundation/edr");
} catch {
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    console.error("run this script through npm: npm install");
    process.exit(1);
  }
  const again = spawnSync(process.execPath, [npm, "install", "--no-save", "--prefer-offline"], {
    stdio: "inherit",
    env: { ...process.env, ZKCMP_REINSTALL: "1" },
  });
  process.exit(again.status ?? 1);
}
