// Looks at the first bytes of a file: is it text at all, and what does it look like?
import { splitRow } from "./table.ts";
import { Refusal } from "./types.ts";
import type { Head } from "./types.ts";

export const HEAD_BYTES = 65536;

const MAGIC: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
  [[0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive"],
  [[0x42, 0x5a, 0x68], "a bzip2 archive"],
  [[0xfd, 0x37, 0x7a, 0x58], "an XZ archive"],
];

/** Throws a Refusal when the bytes are not UTF-8 text. */
export function checkText(bytes: Uint8Array): void {
  for (const [magic, name] of MAGIC) {
    if (magic.every((byte, i) => bytes[i] === byte))
      throw new Refusal("not-text", `The file is ${name}: unpack it to CSV, JSON lines or JSON (or pack with gzip).`);
  }
  const sample = bytes.subarray(0, 4096);
  let zeros = 0;
  let evenZeros = 0;
  let controls = 0;
  for (let i = 0; i < sample.length; i++) {
    const byte = sample[i]!;
    if (byte === 0) {
      zeros++;
      if (i % 2 === 0) evenZeros++;
    } else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++;
  }
  const bom16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const oneSided = zeros > sample.length / 4 && Math.min(evenZeros, zeros - evenZeros) < zeros / 20;
  if (bom16 || oneSided) throw new Refusal("encoding-not-utf8", "The file is UTF-16 text: save it as UTF-8 and open it again.");
  if (zeros > 0 || controls > sample.length / 100) {
    throw new Refusal(
      "not-text",
      "The file is not text (it holds bytes that no text has): a trace is CSV, JSON lines, JSON or a log, plain or gzipped.",
    );
  }
  // A cut at the end of the sample may split one character: that is at most three bytes.
  const text = new TextDecoder().decode(sample);
  let replaced = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 0xfffd) replaced++;
  if (replaced > 3 + text.length / 10)
    throw new Refusal("not-text", "The file is not UTF-8 text: a trace is CSV, JSON lines, JSON or a log, plain or gzipped.");
}

const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter that stands most often in a line outside quotes. */
function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

export function headOf(text: string, whole: boolean): Head {
  const all = text.split(/\r\n|\n|\r/);
  if (!whole) all.pop();
  const lines = all.filter((line) => line.trim() !== "").slice(0, 50);
  const firstLine = lines[0] ?? text;
  const delimiter = delimiterOf(firstLine.slice(0, 10000));
  const cells = splitRow(firstLine.slice(0, 10000), delimiter) ?? [];
  const keys = new Set<string>();
  for (const match of text.matchAll(/"([^"\\]{1,80})"\s*:/g)) keys.add(match[1]!);
  return { text, lines, first: text.trimStart().charAt(0), delimiter, cells, keys };
}
