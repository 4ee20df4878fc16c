// Files in: what reads and keeps them is loaded when the first one comes.
const traces = () => import("./trace-actions.ts");

export const openFiles = async (files: readonly File[]): Promise<void> => (await import("./open-files.ts")).openFiles(files);
export const forgetTrace = async (hash: string): Promise<void> => (await traces()).forget(hash);
export const loadKeptTraces = async (): Promise<void> => (await traces()).loadKeptTraces();

export async function cancelReading(): Promise<void> {
  (await traces()).cancelReading();
  (await import("./profile-actions.ts")).cancelProfile();
}

/** Asks for files. */
export function pickFiles(use: (files: File[]) => void, accept = "", multiple = true): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.multiple = multiple;
  input.hidden = true;
  // In the page while the person chooses: an input that stands nowhere may be collected before it answers.
  document.body.append(input);
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.remove();
    if (files.length > 0) use(files);
  });
  input.addEventListener("cancel", () => input.remove());
  input.click();
}
