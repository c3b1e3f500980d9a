import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const backend = process.env.PLAYHEAD_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    proxy: Object.fromEntries(["/api", "/v/", "/openapi.json"].map((path) => [path, { target: backend }])),
  },
  build: {
    outDir: "../src/playhead/webui",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content policy lets nothing in but files of our own
    chunkSizeWarningLimit: 700,
  },
});
