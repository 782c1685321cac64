import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { ANY_NODE, contentPolicy } from "./src/content-policy.ts";

/** Writes the content security policy into the page, before all that it governs. */
const policyInPage: Plugin = {
  name: "zkcmp-policy-in-page",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentPolicy(ANY_NODE) },
      injectTo: "head-prepend",
    },
  ],
};

/** Static files for any host and any sub-path, in build/web. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react(), policyInPage],
  worker: { format: "es" },
  build: { outDir: "../../build/web", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
});
