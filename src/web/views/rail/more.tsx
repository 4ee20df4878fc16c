// Fields that are seldom needed, folded.
import type { ReactNode } from "react";

export function More({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="more">
      <summary>{title}</summary>
      <div>{children}</div>
    </details>
  );
}
