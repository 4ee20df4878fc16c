// Scenario <-> link: #s=<version>.<what differs from the base, as JSON, deflated, base64url>&v=<view, packed the same way>.
// The view part may be dropped, and a bad one never blocks the scenario. Links come from strangers: sizes are limited before anything is read.
import { compact } from "./compact.ts";
import { parseScenario } from "./schema.ts";
import { SCENARIO_VERSION } from "./types.ts";
import type { Scenario } from "./types.ts";

/** Bytes that a link may unpack to. The largest scenarios are some tens of kilobytes. */
const MAX_UNPACKED = 1_000_000;
/** Characters of a link that are looked at. */
const MAX_LINK = 200_000;

export type View = Readonly<Record<string, unknown>>;
export type LinkOutcome =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      /** Null when the link has none, or one that cannot be read. */ readonly view: View | null;
    }
  | { readonly ok: false; readonly errors: readonly string[] };

const DAMAGED = "The link is cut short or damaged. Copy the whole link again, or ask for it again.";

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Sends bytes through a platform stream; null when the stream refuses them or gives more than `limit` bytes. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const writer = stream.writable.getWriter();
  // A refused write also shows at the reader, which answers for both.
  void writer.write(bytes).catch(() => undefined);
  void writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > limit) {
        await reader.cancel().catch(() => undefined);
        return null;
      }
      parts.push(value);
    }
  } catch {
    return null;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** JSON, deflated, base64url. */
export async function pack(value: unknown): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream("deflate-raw"), Infinity);
  if (bytes === null) throw new Error("The platform's deflate failed");
  return toBase64Url(bytes);
}

/** The value, or undefined when the text is not what pack() gives. */
export async function unpack(text: string): Promise<unknown> {
  const packed = fromBase64Url(text);
  const bytes = packed === null || packed.length === 0 ? null : await through(packed, new DecompressionStream("deflate-raw"), MAX_UNPACKED);
  if (bytes === null) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

/** "#s=1.…", with "&v=…" when there is a view to keep. */
export async function encodeLink(scenario: Scenario, view: View | null = null): Promise<string> {
  const { version, ...rest } = compact(scenario);
  const link = `#s=${String(version)}.${await pack(rest)}`;
  return view === null || Object.keys(view).length === 0 ? link : `${link}&v=${await pack(view)}`;
}

/** The parts of a link: a whole address, or its part from the #. Null when it holds no scenario. */
export function linkParts(text: string): { readonly scenario: string; readonly view: string | null } | null {
  const fragment = text.trim().slice(text.trim().indexOf("#") + 1);
  const parts = fragment.split("&");
  const part = (name: string): string | undefined => parts.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  const scenario = part("s");
  return scenario === undefined ? null : { scenario, view: part("v") ?? null };
}

/** Reads a link. The scenario of an older version is upgraded; a newer one is refused with a sentence. */
export async function decodeLink(text: string): Promise<LinkOutcome> {
  if (text.length > MAX_LINK)
    return {
      ok: false,
      errors: [`The link has ${text.length} characters; links of scenarios have at most ${MAX_LINK}. Give a scenario file instead.`],
    };
  const parts = linkParts(text);
  if (parts === null)
    return { ok: false, errors: ["The link holds no scenario: it has no part #s=. Copy the whole link, from the # to its end."] };
  const match = /^(\d{1,6})\.(.+)$/s.exec(parts.scenario);
  if (match === null) return { ok: false, errors: [DAMAGED] };
  const version = Number(match[1]);
  if (version > SCENARIO_VERSION)
    return {
      ok: false,
      errors: [
        `This link was made by a newer Goodput (version ${version}; this one reads up to ${SCENARIO_VERSION}). Reload the page or update Goodput, then open it again.`,
      ],
    };
  const raw = await unpack(match[2]!);
  if (version < 1 || typeof raw !== "object" || raw === null || Array.isArray(raw)) return { ok: false, errors: [DAMAGED] };
  const parsed = parseScenario({ ...raw, version });
  if (!parsed.ok) return parsed;
  const view = parts.view === null ? undefined : await unpack(parts.view);
  const usable = typeof view === "object" && view !== null && !Array.isArray(view);
  return { ok: true, scenario: parsed.scenario, view: usable ? (view as View) : null };
}
