// goodput profile inspect
import { writeFileSync } from "node:fs";
import { encodeProfile } from "../latency/profile/encode.ts";
import type { ProfileReport, ProfileTableReport, TableKeys } from "../latency/profile/types.ts";
import { whole } from "./format.ts";
import { InputError, systemReason } from "./input-error.ts";
import { columns, print, printJson } from "./print.ts";
import { readProfileFile } from "./profile-file.ts";

const WORDS: Readonly<Record<keyof TableKeys, string>> = {
  hidden: "hidden",
  heads: "heads",
  kvHeads: "KV heads",
  ffn: "FFN",
  gated: "gated",
  vocab: "vocabulary",
  tensorParallel: "TP",
  blockSize: "block",
  workers: "workers",
  devicesPerNode: "per node",
  nodeDevices: "of",
};
const KINDS: Readonly<Record<ProfileTableReport["kind"], string>> = {
  ops: "operators",
  decode: "decode attention",
  prefill: "prefill attention",
  all_reduce: "all-reduce",
  send_recv: "send and receive",
};

function tableRow({ kind, keys, times, missing, upTo }: ProfileTableReport): string[] {
  const measured = (Object.keys(WORDS) as (keyof TableKeys)[]).flatMap((key) => {
    const value = keys[key];
    return value === undefined ? [] : [`${WORDS[key]} ${value}`];
  });
  const reach = Object.entries(upTo).map(([axis, value]) => `${axis} ${whole(value)}`);
  return [KINDS[kind], measured.join(", ") || "any model", reach.join(", "), whole(times), missing > 0 ? whole(missing) : "-"];
}

function reportText({ file, hash, bytes, files, tables }: ProfileReport): string {
  return [
    columns([
      ["Profile", file],
      ...files.map((one, i) => [i === 0 ? "Files" : "", `${one.file}: ${one.format}, ${whole(one.rows)} rows`]),
      ["Size", `${whole(bytes)} bytes`],
      ["SHA-256", hash],
    ]),
    columns([["Table", "measured for", "up to", "times", "missing"], ...tables.map(tableRow)], [3, 4]),
  ].join("\n\n");
}

export async function inspect(files: readonly string[], options: { readonly json?: boolean; readonly out?: string }): Promise<void> {
  const { profile, report } = await readProfileFile(files);
  if (options.out !== undefined) {
    try {
      writeFileSync(options.out, encodeProfile(profile), { flag: "wx" });
    } catch (error) {
      throw new InputError(
        `--out ${options.out}: It cannot be written: ${systemReason(error)}. Give the name of a file that is not there yet.`,
      );
    }
  }
  if (options.json === true) printJson(report);
  else print(reportText(report));
}
