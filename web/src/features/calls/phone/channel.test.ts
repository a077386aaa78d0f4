import { describe, expect, it } from "vitest";
import { attend, serve, type Wire } from "./channel";
import { FakePhone } from "./fake";
import { troubleOf, type PhoneState } from "./phone";

/** Windows that hear each other at once, never themselves. */
function ether(): () => Wire {
  const all = new Set<Wire>();
  return () => {
    const wire: Wire = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of all) if (other !== wire) other.onmessage?.({ data: structuredClone(data) } as never);
      },
      close: () => void all.delete(wire),
    };
    all.add(wire);
    return wire;
  };
}

describe("the phone window", () => {
  it("keeps its call while the workbench reloads", async () => {
    const wire = ether();
    const phone = new FakePhone();
    const done = serve(phone, wire());
    await phone.start();
    let seen: PhoneState | undefined;
    const first = attend((state) => (seen = state), wire());
    phone.ring("025 5000 0001");
    expect(seen).toMatchObject({ call: "ringing", other: "025 5000 0001" });
    first.ask("answer");
    expect(phone.state.call).toBe("talking");
    first.close();
    seen = undefined;
    const second = attend((state) => (seen = state), wire());
    expect(seen).toMatchObject({ line: "ready", call: "talking" });
    second.ask("mute");
    expect(phone.state.muted).toBe(true);
    second.ask("signOut");
    expect(seen).toMatchObject({ line: "trouble", trouble: "signed_out", call: "none" });
    done();
    expect(seen).toBeUndefined();
  });

  it("does nothing that its call cannot do", () => {
    const phone = new FakePhone();
    phone.answer();
    phone.mute(true);
    expect(phone.state).toMatchObject({ call: "none", muted: false });
  });

  it("counts the time of a state from its beginning, not from a change beside it", () => {
    const phone = new FakePhone();
    phone.ring("1");
    const since = phone.state.since;
    phone.mute(true);
    expect(phone.state.since).toBe(since);
    expect(since).toBeGreaterThan(0);
  });

  it("says why there is no microphone", () => {
    const failure = (name: string): Error => Object.assign(new Error(name), { name });
    expect(troubleOf(failure("NotFoundError"), true)).toBe("microphone_missing");
    expect(troubleOf(failure("NotAllowedError"), true)).toBe("microphone_refused");
    expect(troubleOf(failure("NotFoundError"), false)).toBe("insecure");
  });
});
