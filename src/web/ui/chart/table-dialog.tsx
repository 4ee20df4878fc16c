// The table behind a chart, loaded when somebody asks for it: what virtual scrolling weighs is not part of the first paint.
import { lazy, Suspense, type ComponentProps, type ReactNode } from "react";
import type { TableView } from "./table-view.tsx";

const Loaded = lazy(async () => ({ default: (await import("./table-view.tsx")).TableView }));

export const TableDialog = (props: ComponentProps<typeof TableView>): ReactNode => (
  <Suspense fallback={null}>
    <Loaded {...props} />
  </Suspense>
);
