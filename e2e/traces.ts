// Traces for the stories, made here: the shape of an Azure trace, with times and lengths from a small generator.

const two = (n: number): string => String(n).padStart(2, "0");

/** A CSV in the columns of the Azure LLM inference traces, `rate` requests per second on average. */
export function azureTrace(rows: number, rate: number): string {
  let state = 12345;
  const draw = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const lines = ["TIMESTAMP,ContextTokens,GeneratedTokens"];
  let at = 0;
  for (let i = 0; i < rows; i++) {
    at += (2 * draw()) / rate;
    const seconds = Math.floor(at);
    const clock = `${two(10 + Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const fraction = String(Math.floor((at - seconds) * 1e7)).padStart(7, "0");
    lines.push(`2023-11-16 ${clock}.${fraction},${100 + Math.floor(draw() * 1900)},${1 + Math.floor(draw() * 250)}`);
  }
  return `${lines.join("\n")}\n`;
}
