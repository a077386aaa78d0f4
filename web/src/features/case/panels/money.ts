/** Writes yuan as people read them; the wire has a decimal text. */
export function yuan(amount: string): string {
  const [whole = "0", part] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `¥${grouped}${part && Number(part) > 0 ? `.${part.padEnd(2, "0")}` : ""}`;
}

/** Writes fen as yuan. */
export function yuanOfFen(fen: number): string {
  return yuan((fen / 100).toFixed(2));
}
