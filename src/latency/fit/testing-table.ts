// For tests and measurements only: a table of batches with a known time and noise, the same for the same arguments.
import { pcg4d } from "./pcg.ts";

/** As a file of format `aggregates`. Every composition occurs twice. */
export function testTable(rows: number): string {
  const lines = ["prefill_requests,prefill_tokens,prefill_context_tokens,decode_requests,decode_context_tokens,prefill_work,time_ms"];
  for (let i = 0; i < rows; i++) {
    const [a = 0, b = 0, c = 0, d = 0] = pcg4d(i >> 1, 1, 2, 3);
    const N = a % 3;
    const P = N * (1 + (b % 700));
    const K = N * (c % 900);
    const D = N === 0 ? 1 + (d % 120) : d % 120;
    const C = D * (1 + (a % 2500));
    const W = N === 0 ? 0 : (P * (K + P / 2)) / N;
    const [noise = 0] = pcg4d(i, 5, 6, 7);
    const ms = (9 + 0.05 * (P + D) + 2e-5 * C + 3e-6 * W + 0.02 * Math.max(P - 512, 0)) * (0.95 + (0.1 * noise) / 4294967296);
    lines.push([N, P, K, D, C, W, ms].join(","));
  }
  return `${lines.join("\n")}\n`;
}
