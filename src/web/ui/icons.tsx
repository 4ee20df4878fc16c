// The few signs of the page, drawn on a 16 px grid in the colour of the text. Words carry the meaning; these only repeat it.

const PATHS = {
  play: <path d="M4 2.5v11l9-5.5z" fill="currentColor" stroke="none" />,
  pause: <path d="M4 3h2.8v10H4zM9.2 3H12v10H9.2z" fill="currentColor" stroke="none" />,
  step: <path d="M3 3v10l7.5-5zM11 3h2v10h-2z" fill="currentColor" stroke="none" />,
  down: <path d="M4 6l4 4 4-4" />,
  right: <path d="M6 4l4 4-4 4" />,
  undo: <path d="M6 2.5l-3 3 3 3M3 5.5h6a4 4 0 0 1 0 8H7" />,
  redo: <path d="M10 2.5l3 3-3 3M13 5.5H7a4 4 0 0 0 0 8h2" />,
  link: <path d="M6.5 9.5l3-3M7 5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7" />,
  pin: <path d="M8 10v4M4.5 10h7L10 7.5V3H6v4.5z" strokeLinejoin="round" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="M10 10l3.5 3.5" />
    </>
  ),
  theme: (
    <>
      <path d="M8 2a6 6 0 1 0 0 12z" fill="currentColor" stroke="none" />
      <circle cx="8" cy="8" r="6" />
    </>
  ),
  dots: (
    <g fill="currentColor" stroke="none">
      <circle cx="4" cy="8" r="1.2" />
      <circle cx="8" cy="8" r="1.2" />
      <circle cx="12" cy="8" r="1.2" />
    </g>
  ),
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  check: <path d="M3.5 8.5l3 3 6-7" />,
  plus: <path d="M8 3v10M3 8h10" />,
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}

/** The mark: bars of load under a dashed limit. */
export function Mark() {
  return (
    <svg className="icon" width="18" height="18" viewBox="0 0 18 18" fill="none" aria-hidden="true">
      <path d="M2 16V9h3v7M7.5 16V5h3v11M13 16v-5h3v5" stroke="currentColor" strokeWidth="1.5" />
      <path d="M1 3.2h16" stroke="var(--vermillion)" strokeWidth="1.6" strokeDasharray="2.6 1.6" />
    </svg>
  );
}
