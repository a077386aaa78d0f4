import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { useSession } from "@/app/session";
import { useDirectory } from "@/shared/directory";
import { clock, instant } from "@/shared/time";
import type { Variable } from "./macros";

/** Gives what a prepared text can name while somebody writes about a case. */
export function useValues(about: () => { number: string; unit: string }): ComputedRef<Partial<Record<Variable, string>>> {
  const { locale } = useI18n();
  const session = useSession();
  const directory = useDirectory();
  return computed(() => ({
    number: about().number,
    me: session.me?.name ?? "",
    unit: directory.unit(about().unit),
    date: instant(new Date().toISOString(), locale.value).split(" ")[0] ?? "",
    time: clock(new Date(), locale.value),
  }));
}
