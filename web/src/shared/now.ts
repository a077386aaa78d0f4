import { ref } from "vue";

const EVERY_MS = 30_000;

/** The time, told twice a minute, so that all countdowns turn together. */
export const now = ref(new Date());
setInterval(() => (now.value = new Date()), EVERY_MS);
