import { describe, expect, it } from "vitest";
import { questionOf, sortsOf, VIEWS, viewNamed } from "./views";

const now = new Date("2026-03-02T02:00:00Z");

describe("views", () => {
  it("finds a view by its name and never nothing", () => {
    expect(viewNamed("overdue").name).toBe("overdue");
    expect(viewNamed("nonsense").name).toBe("mine");
    expect(viewNamed(undefined).name).toBe("mine");
  });

  it("asks for what is mine and what the address bar narrows", () => {
    const question = questionOf(viewNamed("mine"), { kind: "repair", q: "", view: "mine", unit: "u1" }, "me", now);
    expect(question).toEqual({ owner: "me", status: "open,waits_for_customer,waits_for_third_party", kind: "repair", unit: "u1", sort: "received" });
  });

  it("takes what is due within four hours for due soon", () => {
    const soon = questionOf(viewNamed("dueSoon"), {}, "me", now);
    expect([soon.due_from, soon.due_before], "what is overdue has a view of its own").toEqual([now.toISOString(), "2026-03-02T06:00:00.000Z"]);
  });

  it("comes by due time where time is the matter, else as it was chosen", () => {
    expect(questionOf(viewNamed("overdue"), {}, "me", now).sort).toBe("due");
    expect(questionOf(viewNamed("overdue"), { sort: "changed" }, "me", now).sort).toBe("changed");
    expect(questionOf(viewNamed("team"), { sort: "odd" }, "me", now)).toMatchObject({ team: true, sort: "received" });
  });

  it("comes best first only where words are looked for", () => {
    expect(questionOf(viewNamed("all"), { q: "电梯", sort: "relevance" }, "me", now)).toMatchObject({ q: "电梯", sort: "relevance" });
    expect(questionOf(viewNamed("overdue"), { q: " ", sort: "relevance" }, "me", now).sort).toBe("due");
    expect(sortsOf({})).toEqual(["received", "due", "changed"]);
    expect(sortsOf({ q: "电梯" })).toContain("relevance");
  });

  it("names each view once", () => {
    expect(new Set(VIEWS.map((view) => view.name)).size).toBe(VIEWS.length);
  });
});
