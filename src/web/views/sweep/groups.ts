// Settings that share a value of one axis: a front each, a colour and a symbol each.
import type { Plan } from "../../../analysis/experiment.ts";
import { CATEGORY_COLORS, CATEGORY_TEXT } from "../../ui/chart/palette.ts";
import type { MarkShape } from "../../ui/chart/symbols.ts";
import { labelsOf } from "./labels.ts";

export interface SettingGroup {
  readonly label: string;
  readonly settings: readonly number[];
  readonly color: string;
  readonly text: string;
  readonly symbol: MarkShape;
}

/** More fronts than this cannot be told apart: small multiples and tables have them. */
export const MOST_GROUPS = 8;
/** The mock's order: the first is blue. */
const ORDER = [4, 5, 0, 3, 1, 2, 6, 7] as const;
const SYMBOLS: readonly MarkShape[] = ["circle", "square", "triangle", "diamond"];

/** Axes with few enough different values. */
export const splittable = ({ experiment: { axes }, settings }: Plan): readonly string[] =>
  axes
    .filter((_, i) => {
      const count = new Set(settings.map(({ values }) => values[i])).size;
      return count > 1 && count <= MOST_GROUPS;
    })
    .map(({ path }) => path);

/** The axis by which fronts are told apart when nobody says: a policy beside another axis. */
function usual(plan: Plan): string | null {
  if (plan.experiment.axes.length < 2) return null;
  const can = splittable(plan);
  return labelsOf(plan).axes.find(({ path, speaks }) => speaks && can.includes(path))?.path ?? null;
}

/** `split`: path of an axis; null: one front; undefined: the usual. */
export function groupsOf(
  plan: Plan,
  split: string | null | undefined,
): { readonly groups: readonly SettingGroup[]; readonly groupOf: readonly number[]; readonly by: string | null } {
  const by = split === undefined ? usual(plan) : split;
  const at = plan.experiment.axes.findIndex(({ path }) => path === by);
  if (at < 0 || by === null || !splittable(plan).includes(by)) return { groups: [], groupOf: plan.settings.map(() => -1), by: null };
  const values = [...new Set(plan.settings.map((setting) => setting.values[at] ?? ""))];
  const axis = labelsOf(plan).axes[at]!;
  const groupOf = plan.settings.map((setting) => values.indexOf(setting.values[at] ?? ""));
  const groups = values.map((value, i) => ({
    label: axis.speaks ? axis.nameOf(value) : `${axis.name} ${value}`,
    settings: groupOf.flatMap((group, setting) => (group === i ? [setting] : [])),
    color: CATEGORY_COLORS[ORDER[i] ?? 7]!,
    text: CATEGORY_TEXT[ORDER[i] ?? 7]!,
    symbol: SYMBOLS[i % SYMBOLS.length]!,
  }));
  return { groups, groupOf, by };
}
