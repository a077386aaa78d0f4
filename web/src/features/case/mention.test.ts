import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { mentionable, mentioned } from "./mention";

const person = (id: string, name: string, login: string, active = true) => ({ id, name, login, active }) as Schemas["Person"];
const all = [person("1", "王五", "wang"), person("2", "王五一", "wu"), person("3", "李四", "li"), person("4", "李四", "li2"), person("5", "赵六", "zhao", false)];

describe("mentions", () => {
  it("offers everybody active but oneself, namesakes by their login", () => {
    expect(mentionable(all, "1").map((one) => one.value)).toEqual(["王五一", "李四(li)", "李四(li2)"]);
    expect(mentionable([person("7", "Ann Lee", "ann")], undefined)[0]?.value).toBe("Ann_Lee");
  });

  it("finds each once and takes a longer name for no shorter one", () => {
    const people = mentionable(all, undefined);
    expect(mentioned("@王五一 请看 @李四(li2) @李四(li2)", people)).toEqual(["2", "4"]);
    expect(mentioned("@王五 和 @王五一", people)).toEqual(["1", "2"]);
    expect(mentioned("邮箱 a@b.cn，王五", people)).toEqual([]);
  });
});
