import { expect, it } from "vitest";
import { Refusal, type Problem } from "@/api/client";
import { faultsOf, offsetOf, renamed } from "./menu";

it("CALL-8: a fault is found in the text by line and column", () => {
  const text = "menu = \"a\"\nstart = \"b\"\n";
  expect(text.slice(offsetOf(text, { line: 2, column: 9 }))).toBe("\"b\"\n");
  expect(offsetOf(text, { line: 1, column: 1 })).toBe(0);
  expect(offsetOf(text, { line: 99, column: 1 })).toBe(text.length);
});

it("a new menu begins as another one under its own name", () => {
  expect(renamed("# first\nmenu = \"front-desk\"\ntitle = \"menu\"\n", "night")).toBe("# first\nmenu = \"night\"\ntitle = \"menu\"\n");
});

it("CALL-4: faults of a text that was not kept have their places, that of the name where it stands", () => {
  const text = "# first\nmenu = \"day\"\n";
  const refused = (fields: object[], code = "menu_faulty"): Refusal => new Refusal(422, { code, fields } as unknown as Problem);
  const fault = { path: "text", code: "menu_queue_unknown", detail: "no queue dusk", params: { name: "dusk", line: 16, column: 9, near: ["desk"] } };
  expect(faultsOf(refused([fault]), text)).toEqual([{ line: 16, column: 9, code: "menu_queue_unknown", detail: "no queue dusk", near: ["desk"] }]);
  expect(faultsOf(refused([{ path: "text", code: "menu_name_differs", detail: "differs", params: { name: "day" } }]), text)?.[0]).toMatchObject({ line: 2, column: 1 });
  expect(faultsOf(refused([], "stale"), text)).toBeUndefined();
});
