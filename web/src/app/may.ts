import { defineStore } from "pinia";
import { ref } from "vue";
import { api, got, type Schemas } from "@/api/client";
import { useSession, type Post } from "./session";

type Line = Schemas["MatrixLine"];
type Unit = Schemas["Unit"];
export type PaperKind = Schemas["PaperKind"];

/** What the posts that one holds may do, computed by the server's own rules. */
export const useMay = defineStore("may", () => {
  const session = useSession();
  const lines = ref<Line[]>([]);
  let loading: Promise<void> | undefined;

  /** Reads the matrix once. */
  function load(): Promise<void> {
    loading ??= got(api.GET("/api/v1/matrix")).then(
      (matrix) => void (lines.value = matrix.items),
      () => void (loading = undefined),
    );
    return loading;
  }

  /** Tells whether one of these posts allows something. */
  const allows = (posts: Iterable<Post>, what: (line: Line) => boolean): boolean => {
    const held = new Set(posts);
    return lines.value.some((line) => held.has(line.post) && what(line));
  };
  const actionOf = (...wanted: string[]) => (line: Line): boolean => wanted.some((action) => line.actions.includes(action));
  const paperOf = (kind: PaperKind) => (line: Line): boolean => line.opens.includes(kind);

  /** Tells whether one of these may be done somewhere; a page that answers 403 is not shown. */
  const may = (...wanted: string[]): boolean => allows(session.posts, actionOf(...wanted));
  /** Tells whether one may open a paper of a kind somewhere. */
  const opens = (kind: PaperKind): boolean => allows(session.posts, paperOf(kind));
  /** Tells the same of a unit, by the reader's posts that count there, as the server says. */
  const mayAt = (action: string, unit: Unit): boolean => allows(unit.posts, actionOf(action));
  const opensAt = (kind: PaperKind, unit: Unit): boolean => allows(unit.posts, paperOf(kind));

  return { lines, load, may, mayAt, opens, opensAt };
});
