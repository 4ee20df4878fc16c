// Progress, on stderr and only for a terminal: one line that is written over.

export interface ProgressLine {
  text(text: string): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = 0;
  let open = false;
  return {
    text: (text) => {
      if (!stream.isTTY || Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      open = true;
      stream.write(`\r\u001b[K${text}`);
    },
    clear: () => {
      if (open) stream.write("\r\u001b[K");
      open = false;
    },
  };
}
