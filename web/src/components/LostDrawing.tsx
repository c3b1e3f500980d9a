export const line = {
  fill: "none",
  stroke: "var(--line-strong)",
  strokeWidth: 2,
  strokeLinejoin: "round",
  strokeLinecap: "round",
} as const;
export const accent = { ...line, stroke: "var(--mantine-primary-color-filled)" } as const;

/** In a file of its own: every page may need it, the other drawings load with theirs. */
export const LostDrawing = () => (
  <svg width="176" height="104" viewBox="0 0 176 104" aria-hidden="true">
    <g {...line}>
      <rect x="6" y="36" width="58" height="38" rx="4" />
      <rect x="112" y="36" width="58" height="38" rx="4" />
      <path d="M72 36h32M72 74h32" strokeDasharray="4 6" />
    </g>
    <path d="m80 47 16 16M96 47 80 63" {...accent} />
  </svg>
);
