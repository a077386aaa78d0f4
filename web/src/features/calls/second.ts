import { onMounted, onUnmounted, ref, type Ref } from "vue";

/** The time, told every second while the page stands. */
export function useSecond(): Ref<Date> {
  const now = ref(new Date());
  let every: ReturnType<typeof setInterval> | undefined;
  onMounted(() => (every = setInterval(() => (now.value = new Date()), 1000)));
  onUnmounted(() => clearInterval(every));
  return now;
}
