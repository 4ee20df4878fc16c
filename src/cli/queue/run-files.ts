// Traces and profiles of a sweep on the server: stored once, by the hash of their bytes, read once by each worker.
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Redis } from "ioredis";
import type { SweepFiles } from "../../analysis/sweep-host.ts";
import { filesKey, KEPT_SECONDS } from "./names.ts";

const NO_FILES: SweepFiles = { trace: null, profiles: [] };

/** The hash, or null where there are no files. Columns keep their types. */
export async function storeFiles(redis: Redis, files: SweepFiles): Promise<string | null> {
  if (files.trace === null && files.profiles.length === 0) return null;
  const bytes = serialize(files);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  await redis.set(filesKey(hash), packed, "EX", KEPT_SECONDS);
  return hash;
}

export async function fetchFiles(redis: Redis, hash: string | null): Promise<SweepFiles> {
  if (hash === null) return NO_FILES;
  const packed = await redis.getBuffer(filesKey(hash));
  if (packed === null) throw new Error(`The files ${hash} of this run are not on the server any more. Start the sweep again.`);
  return deserialize(brotliDecompressSync(packed)) as SweepFiles;
}
