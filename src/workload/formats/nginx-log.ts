// Access logs of nginx and its like, with token counts as key=value fields of the log format.
import type { LineParser, TraceFormat } from "./types.ts";
import { NOT_A_NUMBER, parseLogTime, parseTokens } from "./values.ts";

const LINE = /^\S+ \S+ \S+ \[([^\]]{20,30})\] "[^"]*" (\d{3}) /;
const PROMPT = /(?:^|\s)(?:prompt_tokens|input_tokens|prompt)=(\S*)/;
const OUTPUT = /(?:^|\s)(?:completion_tokens|output_tokens|completion|output)=(\S*)/;
const TOOK = /(?:^|\s)(?:rt|request_time)=(\d+(?:\.\d+)?)/;

export const nginxLog: TraceFormat = {
  id: "nginx-log",
  label: "nginx access log",
  help: "Log lines with [day/Mon/year:time zone], the status, rt= (seconds; taken off, for the line is written when the request ends) and prompt_tokens=, completion_tokens=. Status 400 and up is a failed request.",
  detect: ({ lines }) => lines.slice(0, 5).some((line) => LINE.test(line)),
  open: (builder): LineParser => {
    let shifted = 0;
    return {
      kind: "lines",
      line: (text, line) => {
        if (text.trim() === "") return;
        const found = LINE.exec(text);
        if (found === null) return builder.refuse("bad-line", line);
        const { moment } = builder;
        const time = parseLogTime(found[1]!, moment) ? 0 : NOT_A_NUMBER;
        const prompt = PROMPT.exec(text);
        const output = OUTPUT.exec(text);
        const failed = Number(found[2]) >= 400;
        if (prompt === null || (output === null && !failed)) return builder.refuse("no-token-counts", line);
        const took = time === 0 ? TOOK.exec(text) : null;
        if (took !== null) {
          const start = moment.whole * 1000 - Math.round(Number(took[1]) * 1000);
          moment.whole = Math.floor(start / 1000);
          moment.fraction = (start - moment.whole * 1000) / 1000;
        }
        if (builder.add(time, parseTokens(prompt[1]!), failed ? 0 : parseTokens(output![1]!), line) && took !== null) shifted++;
      },
      end: () => {
        if (shifted > 0) builder.noteFile("arrival-from-log-time", shifted);
      },
    };
  },
};
