// @ts-check
// The Redis server that the tests of the queue start for themselves: found, or installed where that is possible.
import { aptInstall, onPath } from "./debian.mjs";

/** A server on this machine, or null. */
export const findRedis = () => onPath("redis-server");

/** @returns {Promise<string | null>} Why there is none, or null. */
export async function ensureRedis() {
  if (findRedis() !== null) return null;
  console.log("Installing a Redis server for the tests ...");
  const problem = await aptInstall(["redis-server"]);
  return findRedis() === null ? (problem ?? "it was installed but not found") : null;
}
