import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import Components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vite";

// `npm run dev` serves the page and hands everything else to a running
// `huiyin serve --demo`; HUIYIN_SERVER names another address.
const server = process.env.HUIYIN_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [
    vue(),
    Components({
      dirs: ["src/shared"],
      dts: "src/components.d.ts",
      resolvers: [ElementPlusResolver({ importStyle: "css", directives: true })],
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: true, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    target: "es2022",
    // the strict policy of the server runs no inline code
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  preview: { proxy: { "/api": { target: server, changeOrigin: false }, "/p/": { target: server, changeOrigin: false }, "/sip": { target: server, changeOrigin: false, ws: true } } },
  server: {
    proxy: {
      "/api": { target: server, changeOrigin: false },
      "/setup": { target: server, changeOrigin: false },
      "/reset": { target: server, changeOrigin: false },
      "/p/": { target: server, changeOrigin: false },
      // the browser's telephone speaks SIP over a WebSocket
      "/sip": { target: server, changeOrigin: false, ws: true },
    },
  },
});
