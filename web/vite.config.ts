import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const backend = process.env.PLAYHEAD_URL ?? "http://127.0.0.1:8000";

/** A compressed copy beside each text file, so that the server need not compress while it serves. */
function compressed(): Plugin {
  const folder = { out: "" };
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => void (folder.out = resolve(config.root, config.build.outDir)),
    closeBundle: () => {
      for (const file of readdirSync(folder.out, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|svg|html)$/.test(file)) continue;
        const path = join(folder.out, file);
        const bytes = readFileSync(path);
        if (bytes.length > 1024) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
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
