// What a link leaves out of the page, for slides and course pages: &embed=1 the frame around the work, &hide=rail,requests whole parts. Read once: the address
// changes as people work, the page around an embedded one does not.
const parts = (globalThis.location?.hash ?? "").slice(1).split("&");
const valueOf = (name: string): string => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

/** Without top bar, with a way to the whole page. */
export const embedded = valueOf("embed") === "1";

export type Part = "transport" | "rail" | "story" | "fleet" | "time" | "results" | "requests";

const hidden = valueOf("hide").split(",");
export const shows = (part: Part): boolean => !hidden.includes(part);

/** The same link without either. */
export const wholeLink = (): string => `#${parts.filter((part) => !/^(embed|hide)=/.test(part)).join("&")}`;
