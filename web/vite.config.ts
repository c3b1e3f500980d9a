import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const backend = process.env.PLAYHEAD_URL ?? "http://127.0.0.1:8000";

/** Compressed copies beside each text file, so that the server need not compress while it serves. */
function compressed(): Plugin {
  const folder = { out: "" };
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => {
      folder.out = resolve(config.root, config.build.outDir);
    },
    closeBundle: () => {
      for (const file of readdirSync(folder.out, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|svg|html)$/.test(file)) continue;
        const path = join(folder.out, file);
        const bytes = readFileSync(path);
        if (bytes.length <= 256) continue;
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
        );
      }
    },
  };
}

/** The style sheet after the frame that the page's HTML draws, which must not wait for it; still before the scripts run. */
function lateStyles(): Plugin {
  return {
    name: "late-styles",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) => {
        const sheets = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
        const bare = sheets.reduce((rest, sheet) => rest.replace(sheet, ""), html);
        return bare.replace('<div id="root">', `${sheets.join("")}<div id="root">`);
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), lateStyles(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    proxy: Object.fromEntries(["/api", "/v/", "/openapi.json"].map((path) => [path, { target: backend }])),
  },
  build: {
    outDir: "../src/playhead/webui",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false, // a style sheet that didn't load can't be asked for again, a script can
    assetsInlineLimit: 0, // the content policy lets nothing in but files of our own
    chunkSizeWarningLimit: 700,
  },
});
