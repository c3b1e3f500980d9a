import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "./openapi.json",
  output: { path: "./src/gen" },
  // The session's cookie is sent by the browser, so no call needs to know how it is authorized.
  plugins: [{ name: "@hey-api/client-fetch" }, "@hey-api/typescript", { name: "@hey-api/sdk", auth: false }],
});
