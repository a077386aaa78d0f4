import { createI18n } from "vue-i18n";
import { speak } from "@/api/client";

export type Language = "zh-CN" | "en";
export const LANGUAGES: readonly Language[] = ["zh-CN", "en"];

type Tree = { [key: string]: string | Tree };

const files = import.meta.glob<Tree>("../locales/*/*.json", { import: "default" });

/** The texts come by language, each topic a file named after it. */
async function texts(language: Language): Promise<Tree> {
  const topics = Object.entries(files).filter(([path]) => path.includes(`/${language}/`));
  const read = topics.map(async ([path, load]) => [path.replace(/^.*\/|\.json$/g, ""), await load()] as const);
  return Object.fromEntries(await Promise.all(read));
}

const words = import.meta.glob<Record<string, string>>("../locales/generated/*.json", { import: "default" });

export const i18n = createI18n({ legacy: false, locale: "zh-CN", fallbackLocale: [], messages: {} });

const loaded = new Set<Language>();

/** Changes the language of the page and of what the server says. */
export async function useLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) {
    const names = words[`../locales/generated/words.${language}.json`];
    const [own, word] = await Promise.all([texts(language), names?.() ?? Promise.resolve({})]);
    i18n.global.setLocaleMessage(language, { ...own, word });
    loaded.add(language);
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  speak(language);
  localStorage.setItem("language", language);
}

/** Finds the language to begin with: chosen before, else Chinese. */
export function firstLanguage(): Language {
  return localStorage.getItem("language") === "en" ? "en" : "zh-CN";
}
