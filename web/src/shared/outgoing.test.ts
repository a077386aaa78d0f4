import { expect, test } from "vitest";
import { articleWords, audienceOf, publicWords, saidWords } from "./outgoing";

test("a reply on a page is public, what is told one customer is not, the rest stays inside (PHRASE-8)", () => {
  expect(audienceOf("reply", { carrier: "public_page" })).toBe("public");
  expect(audienceOf("reply", { carrier: "post" })).toBe("public");
  expect(audienceOf("reply", { carrier: "spoken" })).toBe("private");
  expect(audienceOf("promise", {})).toBe("private");
  expect(audienceOf("write_message", { direction: "inbound" })).toBeUndefined();
  expect(audienceOf("write_message", { direction: "outbound" })).toBe("private");
  expect(audienceOf("draw_up_agreement", {}), "the customer signs it").toBe("private");
  expect(audienceOf("note", {})).toBeUndefined();
});

test("an agreement is read item by item, and an article where customers read it (PHRASE-8)", () => {
  expect(saidWords("reply", { text: "您好" })).toEqual([{ text: "您好", field: "field-text" }]);
  expect(saidWords("draw_up_agreement", { terms: "保修一年", items: [{ what: "换管" }, {}] })).toEqual([
    { text: "保修一年", field: "field-terms" },
    { text: "换管", field: "field-items-0-what" },
  ]);
  const content = { kind: "faq", audience: "customers", title: "多久答复", body: "三天", english: { title: "How long", body: "Three days" } } as const;
  expect(articleWords(content).map((one) => one.text)).toEqual(["多久答复", "三天", "How long", "Three days"]);
  expect(articleWords({ ...content, audience: "agents" })).toEqual([]);
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
