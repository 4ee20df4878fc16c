// Short names of GPUs for brackets and tooltips: without vendor and form factor, which the catalog page gives in full.
import { gpus } from "../../../catalog/index.ts";

const names = new Map(gpus.map((gpu) => [gpu.id, shorten(gpu.name)]));

export function shorten(name: string): string {
  return name
    .replace(/^(NVIDIA|AMD Instinct|AMD|Google|Intel|AWS) /, "")
    .replace(/ \(.*\)$/, "")
    .replace(/ (SXM\d?|PCIe|NVL\d*|Blackwell Server)$/, "")
    .replace(/(\d)GB\b/, "$1\u00a0GB");
}

export const gpuName = (id: string): string => names.get(id) ?? id;
