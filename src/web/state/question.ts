// A question that takes many runs: what was asked, how far it is, what came out. One store per question.
import { create, type StoreApi, type UseBoundStore } from "zustand";

export type QuestionPhase = "idle" | "running" | "done" | "stopped";

export interface QuestionState<Input, Progress, Result> {
  readonly phase: QuestionPhase;
  readonly asked: Input | null;
  readonly progress: Progress | null;
  readonly result: Result | null;
  /** Why it could not be answered, in one sentence. */
  readonly error: string | null;
}

export type QuestionStore<Input, Progress, Result> = UseBoundStore<StoreApi<QuestionState<Input, Progress, Result>>>;

export const questionStore = <Input, Progress, Result>(): QuestionStore<Input, Progress, Result> =>
  create<QuestionState<Input, Progress, Result>>()(() => ({ phase: "idle", asked: null, progress: null, result: null, error: null }));
