// goodput schema
import { scenarioJsonSchema } from "../scenario/schema.ts";
import { printJson } from "./print.ts";

export const schema = (): void => printJson(scenarioJsonSchema());
