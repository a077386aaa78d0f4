import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { api, got, type Schemas } from "@/api/client";
import { useSession } from "./session";

/** What the posts that one holds may do, computed by the server's own rules. */
export const useMay = defineStore("may", () => {
  const session = useSession();
  const lines = ref<Schemas["MatrixLine"][]>([]);
  let loading: Promise<void> | undefined;

  /** Reads the matrix once. */
  function load(): Promise<void> {
    loading ??= got(api.GET("/api/v1/matrix")).then(
      (matrix) => void (lines.value = matrix.items),
      () => void (loading = undefined),
    );
    return loading;
  }

  const actions = computed(() => {
    const held = lines.value.filter((line) => session.posts.has(line.post));
    return new Set(held.flatMap((line) => line.actions));
  });

  /** Tells whether one of these may be done; a page that answers 403 is not shown. */
  function may(...wanted: string[]): boolean {
    return wanted.some((action) => actions.value.has(action));
  }

  /** Tells whether one may open a paper of a kind somewhere. */
  function opens(kind: string): boolean {
    return lines.value.some((line) => session.posts.has(line.post) && line.opens.includes(kind as Schemas["PaperKind"]));
  }

  /**
   * Tells whether something may be done at a unit, given by its path from the
   * root; a post counts where it is held and as far as it reaches.
   */
  function mayAt(action: string, path: readonly string[]): boolean {
    return (session.me?.posts ?? []).some((held) => {
      const line = lines.value.find((one) => one.post === held.post);
      if (!line?.actions.includes(action)) return false;
      if (line.reach === "all") return true;
      return line.reach === "subtree" ? path.includes(held.unit) : path.at(-1) === held.unit;
    });
  }

  return { lines, load, may, mayAt, opens };
});
