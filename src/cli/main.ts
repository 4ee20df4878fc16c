// goodput: the command line as a process.
import { goodput } from "./commands.ts";

// A reader that closes the pipe early (head, less) has got what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await goodput(process.argv.slice(2));
