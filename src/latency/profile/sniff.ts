// Whether a file is meant as a profile, from its first bytes. Also for files that lack a column: their reader says which.
import { splitRow } from "../../workload/formats/table.ts";
import { isEncoded } from "./encode.ts";
import { profileFormats } from "./formats.ts";

/** The format that a header is nearest to, the columns that it lacks, and the share of those that it has. */
export function nearestFormat(columns: readonly string[]) {
  const all = profileFormats.map((format) => {
    const lacks = format.needs.filter((column) => !columns.includes(column));
    return { format, lacks, share: 1 - lacks.length / format.needs.length };
  });
  return all.reduce((a, b) => (b.share > a.share ? b : a));
}

export const headerOf = (line: string): string[] => splitRow(line.replace(/^\ufeff/, "").trimEnd(), ",") ?? [];

/** `head`: uncompressed. */
export function looksLikeProfile(head: Uint8Array): boolean {
  if (isEncoded(head)) return true;
  const [line = ""] = new TextDecoder().decode(head).split("\n", 1);
  return nearestFormat(headerOf(line)).share > 0.5;
}
