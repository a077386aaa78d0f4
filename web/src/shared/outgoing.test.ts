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

test("what a publication says to everybody is read as one text", () => {
  const items = [{ case: "1", matter: "电梯", handling: "已修" }];
  expect(publicWords("publications", "draft", { title: "公示", items })).toBe("公示\n电梯\n已修");
  expect(publicWords("publications", "submit", { items })).toBe("");
  expect(publicWords("authority-files", "publish", { text: "进展" })).toBe("进展");
});
