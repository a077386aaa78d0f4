/** A place in a text, in characters, not units of UTF-16. */
export interface Mark {
  from: number;
  to: number;
}

/** A piece of a text, with the mark that lies on it. */
export interface Piece<M extends Mark> {
  text: string;
  mark: M | undefined;
}

/** Cuts a text at its marks; what of a mark lies under an earlier one is left out. */
export function pieces<M extends Mark>(text: string, marks: readonly M[]): Piece<M>[] {
  const chars = Array.from(text);
  const out: Piece<M>[] = [];
  let at = 0;
  const put = (to: number, mark: M | undefined): void => {
    const end = Math.min(to, chars.length);
    if (end > at) out.push({ text: chars.slice(at, end).join(""), mark });
    at = Math.max(at, end);
  };
  for (const mark of [...marks].sort((one, other) => one.from - other.from)) {
    put(mark.from, undefined);
    put(mark.to, mark);
  }
  put(chars.length, undefined);
  return out;
}

/** Cuts marks on texts joined by one character each into those that lie wholly in one of them. */
export function spread<M extends Mark>(texts: readonly string[], marks: readonly M[]): M[][] {
  let next = 0;
  return texts.map((text) => {
    const begin = next;
    const end = begin + Array.from(text).length;
    next = end + 1;
    const own = marks.filter((mark) => mark.from >= begin && mark.to <= end);
    return own.map((mark) => ({ ...mark, from: mark.from - begin, to: mark.to - begin }));
  });
}
