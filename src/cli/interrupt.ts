// Ctrl C in a command that keeps what it has: the work ends, files stay, and the process ends as shells expect (128 + the signal's number).

/** The reason with which an interrupted command rejects. */
export class Interrupted extends Error {
  readonly status: number;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`Interrupted by ${signal}.`);
    this.status = signal === "SIGINT" ? 130 : 143;
  }
}

export function interruptible(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => controller.abort(new Interrupted(signal === "SIGINT" ? "SIGINT" : "SIGTERM"));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  return { signal: controller.signal, end: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal) };
}
