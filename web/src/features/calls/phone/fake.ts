import { Told, type Phone, type Trouble } from "./phone";

/** A phone without sound, for tests of everything around it. */
export class FakePhone extends Told implements Phone {
  async start(): Promise<void> {
    this.become({ line: "ready", trouble: undefined });
  }

  stop(trouble?: Trouble): void {
    this.become({ line: trouble ? "trouble" : "off", trouble, call: "none", other: undefined, muted: false });
  }

  /** Somebody calls. */
  ring(other: string): void {
    if (this.state.call === "none") this.become({ call: "ringing", other });
  }

  answer(): void {
    if (this.state.call === "ringing") this.become({ call: "talking" });
  }

  decline(): void {
    if (this.state.call === "ringing") this.hangUp();
  }

  hangUp(): void {
    this.become({ call: "none", other: undefined, muted: false });
  }

  mute(on: boolean): void {
    if (this.state.call !== "none") this.become({ muted: on });
  }
}
