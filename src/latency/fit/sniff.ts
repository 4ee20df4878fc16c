// Whether a file is one of measured batches, from its beginning.
import { splitRow } from "../../workload/formats/table.ts";
import { fitFormats } from "./formats/index.ts";

/** `head`: the first lines, the last of which may be cut. */
export function looksMeasured(head: string): boolean {
  const lines = head.replace(/^\ufeff/, "").split(/\r?\n/);
  const columns = splitRow(lines[0] ?? "", ",") ?? [];
  return fitFormats.some((format) => {
    if (format.kind === "table") return format.needs.every((column) => columns.includes(column));
    return lines.some((line) => {
      try {
        return format.open()(line) !== null;
      } catch {
        // A line of its kind that cannot be used.
        return true;
      }
    });
  });
}
