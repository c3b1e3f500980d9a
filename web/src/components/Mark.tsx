/** The mark: a playhead on the cut between two clips. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M4 12h9v8H4zM19 12h9v8h-9z" fill="var(--text-dim)" opacity="0.75" />
      <path d="M10.5 3h11l-4 5.6V29h-3V8.6z" fill="var(--mantine-primary-color-filled)" />
    </svg>
  );
}
