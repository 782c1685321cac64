#!/usr/bin/env node
import module from "node:module";
import { fileURLToPath } from "node:url";

// Plain JavaScript, so that a Node which cannot run TypeScript still says what is wrong.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `zkcmp: this is Node ${process.version}, which cannot run zkcmp. Start it as \`npx zkcmp\` in the project's folder, ` +
      "where npm has installed Node 24, or install Node 24.\n",
  );
  process.exitCode = 1;
} else {
  // Halves the time that a command takes to start. Not in the shared folder for temporary files: others write there.
  module.enableCompileCache(fileURLToPath(new URL("../../../build/compile-cache", import.meta.url)));
  const { main } = await import("../src/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
