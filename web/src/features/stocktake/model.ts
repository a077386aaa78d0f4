import type { Matter } from "./api";

export interface Progress {
  said: number;
  all: number;
}

export function progressOf(lines: readonly Pick<Matter, "text">[]): Progress {
  return { said: lines.filter((line) => line.text).length, all: lines.length };
}
