// Bytes of a file as they come: unpacked when gzipped, counted and hashed.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { Refusal } from "./types.ts";

export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (Symbol.asyncIterator in stream) {
    yield* stream as AsyncIterable<Uint8Array>;
    return;
  }
  // Safari's ReadableStream cannot be iterated.
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** Joins the first chunks until at least `count` bytes are there, then passes on what follows. */
async function* withFirst(chunks: AsyncGenerator<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let first = new Uint8Array(0);
  let filled = false;
  for await (const chunk of chunks) {
    if (filled) {
      yield chunk;
      continue;
    }
    const joined = new Uint8Array(first.length + chunk.length);
    joined.set(first);
    joined.set(chunk, first.length);
    first = joined;
    if (first.length < count) continue;
    filled = true;
    yield first;
  }
  if (!filled && first.length > 0) yield first;
}

async function* unpack(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error);
      }
    },
  });
  try {
    yield* chunksOf(packed.pipeThrough(new DecompressionStream("gzip") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>));
  } catch (error) {
    if (error instanceof Refusal || (error as Error).name === "AbortError") throw error;
    throw new Refusal("bad-gzip", "The file begins as gzip but cannot be unpacked to its end: it is damaged or cut off; fetch it again.");
  }
}

export interface ByteReader {
  /** Uncompressed chunks; the first one holds at least `headBytes` bytes if the file does. */
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Bytes read from the file as it is stored, and bytes after unpacking. */
  stored(): number;
  bytes(): number;
  /** SHA-256 of the uncompressed bytes, hex; after the last chunk. */
  hash(): string;
}

export function openBytes(stream: ByteStream, headBytes: number, signal?: AbortSignal): ByteReader {
  // The platform's digest takes all bytes at once, so the hash is computed in JavaScript while the file passes.
  const hasher = sha256.create();
  const count = { stored: 0, bytes: 0 };
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(stream)) {
      signal?.throwIfAborted();
      count.stored += chunk.length;
      yield chunk;
    }
  }
  async function* plain(): AsyncGenerator<Uint8Array> {
    const probed = withFirst(counted(), 2);
    const { done, value: first } = await probed.next();
    if (done) return;
    async function* again(): AsyncGenerator<Uint8Array> {
      yield first as Uint8Array;
      yield* probed;
    }
    yield* first[0] === 0x1f && first[1] === 0x8b ? unpack(again()) : again();
  }
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of withFirst(plain(), headBytes)) {
      count.bytes += chunk.length;
      hasher.update(chunk);
      yield chunk;
    }
  }
  return { chunks: hashed(), stored: () => count.stored, bytes: () => count.bytes, hash: () => bytesToHex(hasher.digest()) };
}
