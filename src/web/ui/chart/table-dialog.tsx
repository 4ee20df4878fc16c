// The table behind a chart, loaded when somebody asks for it: what virtual scrolling weighs is not part of the first paint.
import { fetched } from "../fetched.tsx";

export const TableDialog = fetched(async () => (await import("./table-view.tsx")).TableView);
