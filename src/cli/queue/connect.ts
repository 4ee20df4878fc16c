// An address -> a connection to a Redis server, or one sentence that says why there is none.
import { Redis } from "ioredis";
import { InputError, systemReason } from "../input-error.ts";

/** `flag`: what the sentence begins with, such as "--queue redis://...". */
export async function connectRedis(url: string, flag: string): Promise<Redis> {
  if (!/^rediss?:\/\/[^/]+/.test(url))
    throw new InputError(`${flag}: This is not the address of a Redis server. Give for example redis://localhost:6379.`);
  // A server that is not there is an answer, not something to wait for.
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => null });
  let why: unknown = null;
  redis.on("error", (error: unknown) => (why ??= error));
  try {
    await redis.connect();
    // Once connected, a server that restarts is waited for.
    redis.options.retryStrategy = (times) => Math.min(times * 200, 5000);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new InputError(
      `${flag}: There is no Redis server that answers: ${systemReason(why ?? error)}. Start one, or give another address.`,
    );
  }
}
