/** Something that can be done from the palette. */
export interface Command {
  /** Unique among what is listed. */
  id: string;
  text: string;
  /** What stands beside it, such as its key. */
  hint?: string | undefined;
  run: () => void;
}

/** Tells how well words fit a text: every letter in order, the closer the better; nothing when they do not. */
export function fit(text: string, words: string): number | undefined {
  const wanted = words.toLowerCase().replace(/\s+/g, "");
  if (!wanted) return 0;
  const there = text.toLowerCase();
  const whole = there.indexOf(wanted);
  if (whole >= 0) return whole;
  let at = -1;
  let gaps = 100;
  for (const letter of wanted) {
    const next = there.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    gaps += next - at - 1;
    at = next;
  }
  return gaps;
}

/** Lists the commands that fit, the best first; equals keep their order. */
export function fitting(commands: readonly Command[], words: string, most = 30): Command[] {
  const scored = commands.flatMap((command) => {
    const score = fit(command.text, words);
    return score === undefined ? [] : [{ command, score }];
  });
  return scored.sort((a, b) => a.score - b.score).slice(0, most).map((one) => one.command);
}
