import { expect, test } from "vitest";
import { audienceOf, publicWords } from "./outgoing";

test("a reply on a page is public, what is told one customer is not, the rest stays inside (PHRASE-8)", () => {
  expect(audienceOf("reply", { carrier: "public_page" })).toBe("public");
  expect(audienceOf("reply", { carrier: "post" })).toBe("public");
  expect(audienceOf("reply", { carrier: "spoken" })).toBe("private");
  expect(audienceOf("promise", {})).toBe("private");
  expect(audienceOf("write_message", { direction: "inbound" })).toBeUndefined();
  expect(audienceOf("write_message", { direction: "outbound" })).toBe("private");
  expect(audienceOf("note", {})).toBeUndefined();
});

test("what a publication says to everybody is read field by field (PROP-77)", () => {
  const items = [{ case: "1", matter: "电梯", handling: "已修" }, { case: "2", matter: "路灯" }];
  expect(publicWords("publications", "draft", { title: "公示", items, remark: undefined })).toEqual([
    { text: "公示", field: "field-title" },
    { text: "电梯", field: "field-items-0-matter" },
    { text: "已修", field: "field-items-0-handling" },
    { text: "路灯", field: "field-items-1-matter" },
  ]);
  expect(publicWords("publications", "draft", {})).toEqual([]);
  expect(publicWords("publications", "submit", { items })).toEqual([]);
  expect(publicWords("authority-files", "publish", { text: "进展" })).toEqual([{ text: "进展", field: "field-text" }]);
});
