// Sessions of coding agents (WEKA and others): an object per session with its requests, on the session's own clock.
import { at, isObject, keyText, member } from "./json-lines.ts";
import type { JsonParser, TraceFormat } from "./types.ts";
import { momentOf, tokensOf } from "./values.ts";

export const agentSessionsJson: TraceFormat = {
  id: "agent-sessions-json",
  label: "Agent sessions",
  help: "JSON or JSON lines, one session an object: requests with t (s from the session's start), in, out, hash_ids (64 prompt tokens an id). All sessions start at 0.",
  detect: ({ first, keys }) =>
    (first === "{" || first === "[") && keys.has("requests") && keys.has("in") && keys.has("out") && keys.has("t"),
  open: (builder, { first }): JsonParser => {
    let sessions = 0;
    return {
      kind: "json",
      paths: first === "[" ? [["*"]] : [[]],
      value: (_path, value, line) => {
        const requests = at(value, "requests");
        if (!isObject(value) || !Array.isArray(requests)) return builder.refuse(isObject(value) ? "missing-field" : "bad-json", line);
        const key = keyText(value.id) || `session ${sessions}`;
        sessions++;
        for (const request of requests as unknown[]) {
          if (member(request, "t") === undefined) {
            builder.refuse("missing-field", line);
            continue;
          }
          const time = momentOf(member(request, "t"), 0, builder.moment);
          if (!builder.add(time, tokensOf(member(request, "in")), tokensOf(member(request, "out")), line)) continue;
          builder.session(key);
          builder.prefix(member(request, "hash_ids"), 64, line);
        }
      },
      end: () => {
        if (builder.accepted > 0) builder.noteFile("session-clocks", sessions);
      },
    };
  },
};
