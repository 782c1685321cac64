import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "artifacts/", "cache/", "types/", "build/", "coverage/", "deploy/deployments/"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // Indices inside checked bounds: noUncheckedIndexedAccess asks for a word, and `!` is the shortest.
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Export by name." },
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file that has the concept." },
        {
          selector: "ImportExpression[source.value='zod']",
          message: "Import zod statically: otherwise bundlers keep all of it, with its words in every language.",
        },
      ],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["hardhat.config.ts", "deploy/modules/*.ts", "packages/web/vite.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["test/**/*.ts", "packages/*/test/**/*.ts", "demo/test/**/*.ts"],
    // chai states its expectations as expressions.
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["scripts/**/*.ts", "bench/**/*.ts", "demo/**/*.ts", "packages/web/server/web.ts"],
    rules: { "no-console": "off" },
  },
);
