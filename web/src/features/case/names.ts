import { useI18n } from "vue-i18n";
import { useDirectory } from "@/shared/directory";
import { instant } from "@/shared/time";

/** Puts names of the wire and raw values into the reader's words. */
export function useNames() {
  const { t, te, locale } = useI18n();
  const directory = useDirectory();

  function word(name: string): string {
    return te(`word.${name}`) ? t(`word.${name}`) : name;
  }

  function event(name: string): string {
    return te(`event.${name}`) ? t(`event.${name}`) : word(name);
  }

  function label(name: string): string {
    return te(`field.${name}`) ? t(`field.${name}`) : word(name);
  }

  function value(raw: string): string {
    if (directory.people.has(raw)) return directory.person(raw);
    if (directory.units.has(raw)) return directory.unit(raw);
    if (/^\d{4}-\d\d-\d\dT/.test(raw)) return instant(raw, locale.value);
    if (raw === "true" || raw === "false") return t(`form.${raw}`);
    return word(raw);
  }

  return { word, event, label, value };
}
