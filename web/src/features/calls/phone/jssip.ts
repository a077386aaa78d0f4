import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent } from "jssip/lib/UA";
import { Told, troubleOf, type Credentials, type Phone, type Trouble } from "./phone";

const BUSY = 486;
/** A window that vanished without a word is forgotten after so many seconds. */
const EXPIRES = 120;

/** The phone of the browser: SIP over the web server's own socket, sound by WebRTC. */
export class JsSipPhone extends Told implements Phone {
  private ua: UA | undefined;
  private session: RTCSession | undefined;

  constructor(
    private readonly credentials: () => Promise<Credentials>,
    private readonly sound: HTMLAudioElement,
    private readonly microphone: () => string,
  ) {
    super();
  }

  async start(): Promise<void> {
    this.end();
    this.become({ line: "connecting", trouble: undefined, call: "none", other: undefined, muted: false });
    try {
      // asked for now, so that the first call is not lost to a question of the browser
      const heard = await navigator.mediaDevices.getUserMedia(this.wanted());
      for (const track of heard.getTracks()) track.stop();
    } catch (failure) {
      this.become({ line: "trouble", trouble: troubleOf(failure, window.isSecureContext) });
      return;
    }
    try {
      this.register(await this.credentials());
    } catch (failure) {
      const refused = failure instanceof Error && "status" in failure && failure.status === 409;
      this.become({ line: "trouble", trouble: refused ? "no_lines" : "unreachable" });
    }
  }

  private register({ user, password, realm, path }: Credentials): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const ua = new UA({
      sockets: [new WebSocketInterface(`${scheme}://${location.host}${path}`)],
      uri: `sip:${user}@${realm}`, authorization_user: user, password, realm, register: true, register_expires: EXPIRES, session_timers: true,
    });
    const now = (change: Parameters<Told["become"]>[0]): void => void (this.ua === ua && this.become(change));
    ua.on("registered", () => now({ line: "ready", trouble: undefined }));
    ua.on("registrationFailed", ({ response }) => now({ line: "trouble", trouble: response ? "refused" : "unreachable" }));
    ua.on("disconnected", () => now({ line: "trouble", trouble: "unreachable" }));
    ua.on("newRTCSession", ({ session }: RTCSessionEvent) => this.take(session));
    this.ua = ua;
    ua.start();
  }

  stop(trouble?: Trouble): void {
    this.end();
    this.become({ line: trouble ? "trouble" : "off", trouble, call: "none", other: undefined, muted: false });
  }

  private end(): void {
    const ua = this.ua;
    this.ua = undefined;
    ua?.stop();
  }

  answer(): void {
    if (this.state.call === "ringing") this.session?.answer({ mediaConstraints: this.wanted(), pcConfig: { iceServers: [] } });
  }

  decline(): void {
    if (this.state.call === "ringing") this.session?.terminate({ status_code: BUSY });
  }

  hangUp(): void {
    this.session?.terminate();
  }

  mute(on: boolean): void {
    if (on) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  /** Takes another microphone, also in the middle of a call. */
  async changeMicrophone(): Promise<void> {
    const sender = this.session?.connection?.getSenders().find((one) => one.track?.kind === "audio");
    if (!sender) return;
    const [track] = (await navigator.mediaDevices.getUserMedia(this.wanted())).getAudioTracks();
    if (!track) return;
    const before = sender.track;
    track.enabled = before?.enabled ?? true;
    await sender.replaceTrack(track);
    before?.stop();
  }

  private wanted(): MediaStreamConstraints {
    const deviceId = this.microphone();
    return { audio: deviceId ? { deviceId } : true, video: false };
  }

  private take(session: RTCSession): void {
    // one person, one call: a second one rings elsewhere
    if (this.session) {
      session.terminate({ status_code: BUSY });
      return;
    }
    this.session = session;
    const over = (): void => {
      this.session = undefined;
      this.sound.srcObject = null;
      this.become({ call: "none", other: undefined, muted: false });
    };
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => {
        this.sound.srcObject = event.streams[0] ?? new MediaStream([event.track]);
        void this.sound.play().catch(() => undefined); // a page that holds a microphone may play
      });
    });
    session.on("confirmed", () => this.become({ call: "talking" }));
    session.on("hold", () => this.become({ call: "held" }));
    session.on("unhold", () => this.become({ call: "talking" }));
    session.on("muted", () => this.become({ muted: true }));
    session.on("unmuted", () => this.become({ muted: false }));
    session.on("getusermediafailed", (failure) => this.become({ trouble: troubleOf(failure, true) }));
    session.on("ended", over);
    session.on("failed", over);
    const incoming = (session.direction as string) === "incoming";
    this.become({ call: incoming ? "ringing" : "dialling", other: session.remote_identity.display_name || session.remote_identity.uri.user });
  }
}
