import { ref } from "vue";

/** A case that was open a while ago. */
export interface Recent {
  id: string;
  number: string;
  title: string;
}

const MOST = 9;

/** The cases opened last, the newest first; forgotten with the page, never stored. */
export const recent = ref<Recent[]>([]);

/** Takes note that a case was opened. */
export function visited(one: Recent): void {
  recent.value = [one, ...recent.value.filter((known) => known.id !== one.id)].slice(0, MOST);
}

/** Forgets all, when another person takes the desk. */
export function forgetVisited(): void {
  recent.value = [];
}
