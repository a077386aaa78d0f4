/** One line of a comparison of two versions. */
export interface Line {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Lines beyond this are compared as a whole. */
const MOST = 400;

/** Compares two texts line by line: what stays, what came, what went. */
export function compare(before: string, after: string): Line[] {
  const one = before.split("\n");
  const other = after.split("\n");
  if (one.length > MOST || other.length > MOST) {
    if (before === after) return one.map((text) => ({ kind: "same", text }));
    return [...one.map((text): Line => ({ kind: "removed", text })), ...other.map((text): Line => ({ kind: "added", text }))];
  }
  // how many lines the rests from here have in common
  const width = other.length + 1;
  const common = new Array<number>((one.length + 1) * width).fill(0);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      common[i * width + j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  for (let before = one[i], after = other[j]; before !== undefined || after !== undefined; before = one[i], after = other[j]) {
    if (before !== undefined && before === after) {
      lines.push({ kind: "same", text: before });
      i++;
      j++;
    } else if (before !== undefined && (after === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: "removed", text: before });
      i++;
    } else if (after !== undefined) {
      lines.push({ kind: "added", text: after });
      j++;
    }
  }
  return lines;
}
