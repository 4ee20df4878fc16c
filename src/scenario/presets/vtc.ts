// The suites of the VTC artifact (Ying1123/VTC-artifact, commit 192c2e2; Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024): the arrivals
// of its recipe, S-LoRA's loop, the KV pools of its servers. Prompts have the two tokens more that its tokenizer adds.
import type { Choice } from "../types.ts";
import { preset } from "./preset.ts";
import type { Preset } from "./preset.ts";

type Rates = readonly (readonly number[])[];

interface Suite {
  readonly rates: Rates;
  /** Prompt and output of each tenant, or of all. */
  readonly lengths?: Rates;
  readonly gaps?: "constant" | "even" | "poisson";
  /** Tokens of the KV pool: of Llama-13B on an A100 where given; else of Llama-7B on an A10G. */
  readonly pool?: number;
  /** In place of fixed lengths. */
  readonly law?: Choice;
}

/** A tenant from 1, its rate, and, for one that is on and off, seconds of each. */
const steady = (rates: readonly number[], period = 0): Rates => rates.map((rate, i) => [i + 1, 0, 600, rate, rate, i === 0 ? period : 0]);

/** Room that a prefill batch gets at least: the longest sequence of the artifact's server. */
const LONGEST = 3072;

function suite(id: string, name: string, lesson: string, { rates, lengths = [[256, 256]], gaps = "constant", pool, law }: Suite): Preset {
  const tenants = rates.reduce((most, [tenant]) => Math.max(most, tenant!), 0);
  const kv = pool ?? 10_000;
  const values = { rates, ...(gaps === "constant" ? {} : { gaps }) };
  return preset(id, lesson, {
    name,
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "tenant-rates", params: values },
        lengths: law ?? { id: "tenant-lengths", params: { lengths: lengths.map(([prompt, output]) => [prompt! + 2, output!]) } },
      },
      maxSeconds: 1000,
    },
    tenants: Array.from({ length: tenants }, (_, i) => ({ name: `client ${i}` })),
    sloClasses: [{ name: "standard", ttft: 20 }],
    model: pool === undefined ? "llama-2-7b" : "llama-2-13b",
    pools: [
      {
        name: pool === undefined ? "a10g" : "a100",
        gpu: pool === undefined ? "a10g" : "a100-80-sxm",
        replicas: 1,
        batching: { id: "slora", ...(kv > 6 * LONGEST ? { params: { maxBatchTokens: Math.floor(kv / 6) } } : {}) },
        ordering: { id: "vtc" },
        latency: { id: "linear-phases", ...(pool === undefined ? {} : { params: { coefficients: "a100-llama-13b" } }) },
        kv: { blockSize: 1, blocks: kv },
      },
    ],
  });
}

/** Requests of the 27 clients of the artifact's trace (chat.lmsys.org, resampled to 600 s), and quantiles of their lengths: 1500 requests. */
const REAL = [199, 40, 296, 22, 66, 120, 67, 56, 36, 23, 262, 26, 43, 44, 22, 46, 25, 3, 12, 19, 31, 2, 19, 11, 2, 7, 1];
const SHARES = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
const quantiles = (tokens: readonly number[]): Rates => tokens.map((value, i) => [SHARES[i]!, value]);

const long = (tokens: number): Rates => [[tokens, tokens]];

export const vtcPresets: readonly Preset[] = [
  suite(
    "vtc-overload",
    "Fairness: both overload",
    "Client 1 sends twice as much and gets no more: the gap between them stays under its bound. With first come, first served it grows without end.",
    { rates: steady([1.5, 3]) },
  ),
  suite(
    "vtc-proportional",
    "Fairness: two below their share",
    "Clients 0 and 1 ask for less than a third each, and get it within seconds; client 2 gets the rest and waits for it.",
    { rates: steady([0.25, 0.5, 1.5]) },
  ),
  suite(
    "vtc-on-off-less",
    "Fairness: on and off, below the share",
    "Client 0 comes and goes below its share and hardly waits; client 1 takes all that is left over.",
    { rates: steady([0.5, 2], 60) },
  ),
  suite(
    "vtc-on-off-overload",
    "Fairness: on and off, above the share",
    "Client 0 sends more than its share every other minute: its backlog goes on, and both get the same.",
    { rates: steady([2, 3], 60) },
  ),
  suite(
    "vtc-short-long",
    "Fairness: many short, few long",
    "Client 0 sends five times as many requests, four times shorter: equal service, not equal requests. With vtc-artifact client 1 pays for the others' ends.",
    {
      gaps: "poisson",
      rates: steady([8, 1.5]),
      lengths: [
        [64, 64],
        [256, 256],
      ],
    },
  ),
  suite(
    "vtc-short-long-2",
    "Fairness: long prompts, long outputs",
    "Client 0 sends long prompts, client 1 asks for long outputs. The slip of the artifact's counters breaks the bound here: set the queue order to vtc-artifact.",
    {
      gaps: "poisson",
      rates: steady([8, 1.5]),
      lengths: [
        [512, 32],
        [32, 512],
      ],
    },
  ),
  suite(
    "vtc-increase",
    "Fairness: one sends more and more",
    "Client 1 grows from 0.2 to 2 requests per second: client 0 does not notice. With first come, first served its first tokens come half a minute late.",
    {
      gaps: "even",
      rates: [
        [1, 0, 600, 0.5, 0.5, 0],
        [2, 0, 600, 0.2, 2, 0],
      ],
    },
  ),
  suite(
    "vtc-dist-shift",
    "Fairness: traffic that shifts",
    "Three phases of 300 s: on and off, both overloading, one below its share. Least counter first lets client 0 use up its idle time in the second.",
    {
      rates: [
        [1, 0, 300, 0.5, 0.5, 60],
        [2, 0, 300, 2, 2, 0],
        [1, 300, 600, 1, 1, 0],
        [2, 300, 600, 1, 1, 0],
        [1, 600, 900, 0.5, 0.5, 0],
        [2, 600, 900, 1.5, 1.5, 0],
      ],
    },
  ),
  suite(
    "vtc-real",
    "Fairness: 27 clients of an arena",
    "Four clients send most: the others wait seconds instead of more than a minute. A limit of requests per minute at the door refuses most of them.",
    {
      gaps: "poisson",
      rates: steady(REAL.map((requests) => requests / 600)),
      law: {
        id: "quantiles",
        params: {
          prompt: quantiles([4, 4, 7, 15, 42, 163, 434, 655, 904, 1023]),
          output: quantiles([2, 10, 17, 62, 211, 457, 513, 513, 785, 977]),
        },
      },
    },
  ),
  suite("vtc-s4-35000-256", "Fairness: pool 35,000, lengths 256", "A larger GPU and pool: compare the gap with longer requests.", {
    pool: 35_000,
    rates: steady([3, 6]),
  }),
  suite("vtc-s4-35000-512", "Fairness: pool 35,000, lengths 512", "The longer the requests, the larger the gap, all under one bound.", {
    pool: 35_000,
    rates: steady([1.5, 3]),
    lengths: long(512),
  }),
  suite("vtc-s4-35000-768", "Fairness: pool 35,000, lengths 768", "The longest requests of the ablation: the largest gap of this pool.", {
    pool: 35_000,
    rates: steady([1, 2]),
    lengths: long(768),
  }),
  suite(
    "vtc-s4-65000-512",
    "Fairness: pool 65,000, lengths 512",
    "A larger pool runs larger batches: the gap grows with it, and so does its bound.",
    {
      pool: 65_000,
      rates: steady([2, 4]),
      lengths: long(512),
    },
  ),
];
