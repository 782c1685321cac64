import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Static files for any host and any sub-path, in build/web. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: { outDir: "../../build/web", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
});
