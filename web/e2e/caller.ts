import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";

const RATE = 8000;
const FRAME = 160;
const FRAME_MS = 20;
const PCMA = 8;
const LOUD = 8000;
const PATIENCE_MS = 20_000;

function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const amount = (sample >= 0 ? sample : -sample - 1) >> 3;
  const segment = Math.max(0, 32 - Math.clz32(amount) - 5);
  return (sign | (segment << 4) | ((amount >> Math.max(1, segment)) & 15)) ^ 0x55;
}

function linear(byte: number): number {
  const code = byte ^ 0x55;
  const mantissa = (code & 15) << 4;
  const exponent = (code >> 4) & 7;
  const amount = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return code & 0x80 ? amount : -amount;
}

const WINDOW = 800;

function share(samples: readonly number[], hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [before, last, whole] = [0, 0, 0];
  for (const sample of samples) {
    [before, last] = [last, sample + turn * last - before];
    whole += sample * sample;
  }
  return whole === 0 ? 0 : (2 * (last * last + before * before - turn * last * before)) / (whole * samples.length);
}

/** How much of a tone is in some samples, 0 to about 1: the median of Goertzel over tenths of a second. */
export function power(samples: readonly number[], hertz: number): number {
  const windows = Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, at) => samples.slice(at * WINDOW, (at + 1) * WINDOW));
  const shares = windows.map((window) => share(window, hertz)).sort((one, other) => one - other);
  return shares[Math.floor(shares.length / 2)] ?? 0;
}

/** A WAV file of five seconds of a tone, for a browser's microphone. */
export function toneFile(hertz: number): Buffer {
  const rate = 48_000;
  const sound = Buffer.alloc(rate * 5 * 2);
  for (let at = 0; at < rate * 5; at += 1) sound.writeInt16LE(Math.round(LOUD * Math.sin((2 * Math.PI * hertz * at) / rate)), at * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + sound.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(sound.length, 40);
  return Buffer.concat([head, sound]);
}

const bound = (socket: Socket): Promise<number> => new Promise((done) => socket.bind(0, "127.0.0.1", () => done(socket.address().port)));

/** A telephone outside the house: SIP over UDP, a tone out, and what is heard. */
export class Caller {
  private readonly line = createSocket("udp4");
  private readonly voice = createSocket("udp4");
  private readonly call = `${randomBytes(8).toString("hex")}@127.0.0.1`;
  private readonly tag = randomBytes(4).toString("hex");
  private readonly texts: string[] = [];
  private readonly waiting: (() => void)[] = [];
  private heard: number[] = [];
  private number = 0;
  private ports = { line: 0, voice: 0 };
  private target = "";
  private to = "";
  private turn: ReturnType<typeof setInterval> | undefined;
  ended = false;

  constructor(private readonly server: { host: string; port: number }, private readonly user: string, private readonly hertz: number) {
    this.line.on("message", (data) => this.take(data.toString()));
    this.voice.on("message", (data) => {
      if ((data[1] ?? 0) % 128 === PCMA) for (const byte of data.subarray(12)) this.heard.push(linear(byte));
    });
  }

  /** Calls a number and speaks once it is answered. */
  async calls(number: string): Promise<void> {
    this.ports = { line: await bound(this.line), voice: await bound(this.voice) };
    this.target = `sip:${number}@${this.server.host}:${this.server.port}`;
    this.to = `<${this.target}>`;
    const sound = [
      "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", `m=audio ${this.ports.voice} RTP/AVP 8 101`,
      "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "",
    ];
    this.asks("INVITE", sound.join("\r\n"));
    const answer = await this.next("200");
    this.to = /\nTo: ([^\r]*)/.exec(answer)?.[1] ?? "";
    this.target = /\nContact: <([^>]+)>/.exec(answer)?.[1] ?? "";
    this.asks("ACK");
    this.speaks(/c=IN IP4 (\S+)/.exec(answer)?.[1] ?? "", Number(/m=audio (\d+)/.exec(answer)?.[1]));
  }

  /** Listens for so long. */
  async hears(ms: number): Promise<number[]> {
    this.heard = [];
    await new Promise((done) => setTimeout(done, ms));
    return this.heard;
  }

  async hangsUp(): Promise<void> {
    if (!this.ended) {
      this.asks("BYE");
      await this.next("200");
    }
    this.close();
  }

  close(): void {
    clearInterval(this.turn);
    this.line.close();
    this.voice.close();
  }

  private asks(method: string, body = ""): void {
    if (method !== "ACK") this.number += 1;
    const lines = [
      `${method} ${this.target} SIP/2.0`, `Via: SIP/2.0/UDP 127.0.0.1:${this.ports.line};branch=z9hG4bK${randomBytes(8).toString("hex")};rport`,
      "Max-Forwards: 70", `From: <sip:${this.user}@127.0.0.1>;tag=${this.tag}`, `To: ${this.to}`, `Call-ID: ${this.call}`,
      `CSeq: ${this.number} ${method}`, `Contact: <sip:${this.user}@127.0.0.1:${this.ports.line}>`,
      ...(body ? ["Content-Type: application/sdp"] : []), `Content-Length: ${body.length}`, "", body,
    ];
    this.line.send(lines.join("\r\n"), this.server.port, this.server.host);
  }

  private take(text: string): void {
    if (!text.startsWith("BYE ")) {
      this.texts.push(text);
      this.waiting.splice(0).forEach((wake) => wake());
      return;
    }
    this.ended = true;
    const kept = text.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
    this.line.send(["SIP/2.0 200 OK", ...kept, "Content-Length: 0", "", ""].join("\r\n"), this.server.port, this.server.host);
  }

  private async next(status: string): Promise<string> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = this.texts.shift();
      if (text?.startsWith(`SIP/2.0 ${status}`)) return text;
      if (text && /^SIP\/2\.0 [3-6]/.test(text)) throw new Error(text.split("\r\n")[0]);
      if (Date.now() > end) throw new Error(`no ${status}`);
      if (!text) await new Promise<void>((wake) => (this.waiting.push(wake), setTimeout(wake, 100)));
    }
  }

  private speaks(host: string, port: number): void {
    const began = Date.now();
    const source = randomBytes(4);
    let frame = 0;
    this.turn = setInterval(() => {
      for (; began + frame * FRAME_MS <= Date.now(); frame += 1) {
        const head = Buffer.alloc(12);
        head.writeUInt8(0x80, 0);
        head.writeUInt8(PCMA, 1);
        head.writeUInt16BE(frame % 65_536, 2);
        head.writeUInt32BE(frame * FRAME, 4);
        source.copy(head, 8);
        const tone = Buffer.from(Array.from({ length: FRAME }, (_, at) => alaw(Math.round(LOUD * Math.sin((2 * Math.PI * this.hertz * (frame * FRAME + at)) / RATE)))));
        this.voice.send(Buffer.concat([head, tone]), port, host);
      }
    }, FRAME_MS / 2);
  }
}
