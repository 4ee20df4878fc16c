// The forms of the questions on the page, and how to change one.
import { useMemo } from "react";
import { useViewStore } from "../../state/view-store.ts";
import { readForms, type Question, type QuestionForms } from "./forms.ts";

export function useForms(): QuestionForms {
  const kept = useViewStore((state) => state.questions);
  return useMemo(() => readForms(kept), [kept]);
}

const now = (): QuestionForms => readForms(useViewStore.getState().questions);

export function setForm<Key extends Exclude<Question, "sweep">>(key: Key, part: Partial<QuestionForms[Key]>): void {
  const forms = now();
  useViewStore.getState().setView({ questions: { ...forms, [key]: { ...forms[key], ...part } } });
}

export const setTab = (tab: Question): void => useViewStore.getState().setView({ questions: { ...now(), tab } });
