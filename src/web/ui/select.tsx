// A list to choose from: the browser's own, in the look of the other fields.
import type { ComponentProps } from "react";
import { Icon } from "./icons.tsx";

/** Properties and options are those of a `<select>`. */
export const Select = (props: ComponentProps<"select">) => (
  <span className="select">
    <select {...props} />
    <Icon name="down" size={12} />
  </span>
);
