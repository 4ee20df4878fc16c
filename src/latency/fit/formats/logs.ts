// Logs of engines. Their lines are read as the documentation of vLLM (enable_logging_iteration_details) and SGLang describes them.
import { BadRow } from "./types.ts";
import type { LogFormat } from "./types.ts";

const VLLM =
  /Iteration\((\d+)\): (\d+) context requests, (\d+) context tokens, (\d+) generation requests, (\d+) generation tokens, iteration elapsed time: ([\d.eE+-]+) ms/;

const vllm: LogFormat = {
  kind: "log",
  id: "vllm-log",
  label: "vLLM log of iterations",
  lacks: "The log has no context lengths: the model ignores them and its errors are wider.",
  open: () => (line) => {
    const found = VLLM.exec(line);
    if (found === null) return null;
    const [N, P, D, tokens, ms] = found.slice(2).map(Number) as [number, number, number, number, number];
    if (tokens !== D) throw new BadRow(`${tokens} generation tokens of ${D} requests: iterations with speculation are not used`);
    return { P, N, D, C: 0, K: 0, W: 0, time: ms / 1000 };
  },
};

const PREFILL = /Prefill batch[.,].*?#new-seq: (\d+), #new-token: (\d+), #cached-token: (\d+),.*input throughput \(token\/s\): ([\d.]+)/;
const DECODE = /Decode batch[.,].*?#running-req: (\d+), #token: (\d+),.*gen throughput \(token\/s\): ([\d.]+)/;
const PREFILL_LINE = /Prefill batch[.,]/;

const sglang: LogFormat = {
  kind: "log",
  id: "sglang-log",
  label: "SGLang log",
  lacks: "Decode times of the log are averages over its interval, prompts of one batch count as equal: errors are wider.",
  open: () => {
    /** Decoding requests of the line before, where that was one of decodes. */
    let before = -1;
    return (line) => {
      const prefill = PREFILL.exec(line);
      if (prefill !== null) {
        before = -1;
        const [N, P, K, rate] = prefill.slice(1).map(Number) as [number, number, number, number];
        if (!(rate > 0)) throw new BadRow(`input throughput ${rate}: a line without a rate has no time`);
        return { P, N, D: 0, C: 0, K, W: N === 0 ? 0 : (P * (K + P / 2)) / N, time: P / rate };
      }
      const decode = DECODE.exec(line);
      if (decode === null) {
        if (PREFILL_LINE.test(line)) before = -1;
        return null;
      }
      const [D, C, rate] = decode.slice(1).map(Number) as [number, number, number];
      const same = before === D;
      before = D;
      if (line.includes("accept len")) throw new BadRow("accept len: iterations with speculation are not used");
      if (!same) throw new BadRow(`running-req ${D}: the line before is none of ${D} decodes, so that the average holds other batches`);
      if (!(rate > 0)) throw new BadRow(`gen throughput ${rate}: a line without a rate has no time`);
      return { P: 0, N: 0, D, C, K: 0, W: 0, time: D / rate };
    };
  },
};

export const logFormats: readonly LogFormat[] = [vllm, sglang];
