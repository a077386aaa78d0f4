import { createPinia } from "pinia";
import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./app/tokens.css";
import "./app/base.css";
import "./app/sheet.css";
import App from "./app/App.vue";
import { firstLanguage, i18n, useLanguage } from "./app/i18n";
import { router } from "./app/router";
import "./app/theme";

await useLanguage(firstLanguage());
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // without it everything works but installing
  void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
createApp(App).use(createPinia()).use(i18n).use(router).mount("#app");
