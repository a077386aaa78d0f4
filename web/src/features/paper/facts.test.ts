import { describe, expect, it } from "vitest";
import { factsOf, isShort, rowsOf, type Fact } from "./facts";
import { documentOf, inOrder, KINDS, LISTS, listOf, type List } from "./kinds";

/** The one fact of a paper that holds nothing else. */
function only(list: List, holds: Record<string, unknown>): Fact {
  const [fact, ...rest] = factsOf(documentOf(list).holds, holds);
  if (!fact || rest.length > 0) throw new Error(`${list} holds other things`);
  return fact;
}

describe("the facts of a paper (PROP-15, SUP-2)", () => {
  it("leave out what is not there and what the head says", () => {
    const shape = documentOf("line-reports").holds;
    const holds = { unit: "u", state: "submitted", due_at: "2026-11-27T09:00:00+08:00", late: false, text: "电梯两部停运", summary: null };
    const facts = factsOf(shape, holds, KINDS["line-reports"].reads);
    expect(facts.map((fact) => [fact.name, fact.showing])).toEqual([["due_at", "time"], ["text", "words"]]);
    expect(facts.map(isShort)).toEqual([true, false]);
  });

  it("give a row to whoever has not said anything yet", () => {
    const { rows } = rowsOf(only("digests", { weeks: { a: { text: "好", at: "2026-11-27T09:00:00Z", late: true }, b: null } }));
    expect(rows.map((row) => [row.of, Object.keys(row.holds).length])).toEqual([["a", 3], ["b", 0]]);
  });

  it("show when somebody acknowledged, and that another did not (SUP-17)", () => {
    const { rows, shape } = rowsOf(only("faults", { acknowledged: { a: "2026-11-27T09:00:00Z", b: null } }));
    expect(rows.map((row) => row.holds)).toEqual([{ at: "2026-11-27T09:00:00Z" }, {}]);
    expect(factsOf(shape, rows[0]?.holds ?? {})[0]?.showing).toBe("time");
  });
});

describe("the kinds", () => {
  it("name only fields that the server's document has", () => {
    for (const list of LISTS) {
      const { opens, holds } = documentOf(list);
      expect(Object.keys(opens.properties ?? {}), list).toEqual(expect.arrayContaining([...KINDS[list].asks]));
      expect(Object.keys(holds.properties ?? {}), list).toEqual(expect.arrayContaining([...KINDS[list].reads, ...KINDS[list].heads]));
      expect(listOf(KINDS[list].kind)).toBe(list);
    }
  });

  it("put first what is named and keep the rest as it came", () => {
    expect(inOrder(["d", "a", "c", "b"], ["b", "a"], (one) => one)).toEqual(["b", "a", "d", "c"]);
  });
});
