const TONE_HZ = 450;
const LOUD = 0.15;
/** The rhythm of a Chinese exchange: one second of tone, four of silence. */
const ON_S = 1;
const TURN_MS = 5000;

/** Rings until the function it gives is called; a page that may not sound shows it only. */
export function ring(): () => void {
  const context = new AudioContext();
  const once = (): void => {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = TONE_HZ;
    volume.gain.value = LOUD;
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + ON_S);
  };
  void context.resume().catch(() => undefined);
  once();
  const turn = setInterval(once, TURN_MS);
  return () => {
    clearInterval(turn);
    void context.close();
  };
}
