import { ref, watchEffect } from "vue";

export type Theme = "system" | "light" | "dark";

const stored = localStorage.getItem("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = ref(dark.matches);
dark.addEventListener("change", (event) => (systemIsDark.value = event.matches));

/** The theme the person chose; `system` follows the machine. */
export const theme = ref<Theme>(stored === "light" || stored === "dark" ? stored : "system");

watchEffect(() => {
  const isDark = theme.value === "dark" || (theme.value === "system" && systemIsDark.value);
  document.documentElement.classList.toggle("dark", isDark);
  localStorage.setItem("theme", theme.value);
});
