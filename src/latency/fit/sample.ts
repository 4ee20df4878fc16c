// A table of batches to look at before there are measurements: times of the roofline model, with noise and a few stalls. Nothing in it was measured.
import { gpuById, modelById } from "../../catalog/index.ts";
import { drawNormal, exp } from "../../engine/kernel/math.ts";
import { randomStream } from "../../engine/kernel/random.ts";
import type { Random } from "../../engine/kernel/random.ts";
import { withDefaults } from "../../engine/params.ts";
import { roofline } from "../roofline.ts";
import { emptyShape } from "../shape.ts";

const GPU = "h100-sxm";
const MODEL = "llama-3.1-8b";
export const SAMPLE_FILE = "sample.csv";
/** What the sample is, in words. */
export const SAMPLE_ABOUT =
  "Not measured: batch times of Goodput's roofline model of Llama-3.1-8B on an H100, with 4 % noise and one stall in a hundred.";

const ROWS = 640;
const NOISE = 0.04;
const STALL_SHARE = 0.01;
const STALL = 2.5;

/** Whole numbers spread evenly over the digits of a range. */
const spread = (random: Random, low: number, high: number): number => Math.max(low, Math.round(high * exp(-random.uniform() * LOG_RANGE)));
const LOG_RANGE = 5;

/** The file's text, the same every time. */
export function sampleText(): string {
  const random = randomStream(20260101, "sample of measurements");
  const shard = { gpu: gpuById(GPU), model: modelById(MODEL), tensorParallel: 1, pipelineParallel: 1 };
  const model = roofline.create(withDefaults(roofline.params), shard);
  const lines = ["prefill_requests,prefill_tokens,prefill_context_tokens,prefill_work,decode_requests,decode_context_tokens,time_ms"];
  for (let row = 0; row < ROWS; row++) {
    const kind = random.below(3);
    const decodes = kind === 1 ? 0 : spread(random, 1, 192);
    const context = decodes * spread(random, 32, 6000);
    const prompts = kind === 0 ? 0 : 1 + random.below(3);
    let tokens = 0;
    let past = 0;
    let work = 0;
    let squares = 0;
    for (let i = 0; i < prompts; i++) {
      const chunk = spread(random, 16, 2048);
      const cached = random.below(3) === 0 ? spread(random, 16, 4096) : 0;
      tokens += chunk;
      past += cached;
      work += chunk * (cached + chunk / 2);
      squares += chunk * chunk;
    }
    const seconds = model.iteration(
      {
        ...emptyShape,
        prefillTokens: tokens,
        prefillRequests: prompts,
        prefillContext: past,
        prefillWork: work,
        prefillSquares: squares,
        decodeRequests: decodes,
        decodeContext: context,
      },
      0,
    );
    const stalled = random.uniform() < STALL_SHARE ? STALL : 1;
    const time = 1000 * seconds * exp(NOISE * drawNormal(random)) * stalled;
    lines.push([prompts, tokens, past, work, decodes, context, time.toFixed(4)].join(","));
  }
  return `${lines.join("\n")}\n`;
}
