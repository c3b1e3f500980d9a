/** Illustrations for empty states. */
import { accent, line } from "./LostDrawing";

export const LibraryDrawing = () => (
  <svg width="176" height="104" viewBox="0 0 176 104" aria-hidden="true">
    <g {...line}>
      <rect x="6" y="26" width="68" height="44" rx="5" />
      <rect x="102" y="26" width="68" height="44" rx="5" />
      <path d="M6 82h40M102 82h30M6 92h24M102 92h40" />
      <path d="m12 66 18-20 12 12 8-8 18 16M108 66l14-14 10 10 14-18 18 22" />
    </g>
    <rect
      x="50"
      y="10"
      width="76"
      height="50"
      rx="5"
      fill="var(--page)"
      {...{ stroke: accent.stroke, strokeWidth: 2 }}
    />
    <path d="M82 25v20l17-10z" {...accent} />
  </svg>
);

export const ProjectsDrawing = () => (
  <svg width="176" height="104" viewBox="0 0 176 104" aria-hidden="true">
    <g {...line}>
      <rect x="6" y="44" width="44" height="34" rx="4" />
      <rect x="54" y="44" width="62" height="34" rx="4" />
      <rect x="120" y="44" width="50" height="34" rx="4" strokeDasharray="5 5" />
      <path d="M12 72 24 58l8 9 6-6 8 11M60 72l16-18 12 12 8-8 14 14" />
      <path d="M6 92h164" strokeDasharray="2 8" />
    </g>
    <path
      d="M76 12h18l-6.5 9v70h-5V21z"
      fill="var(--page)"
      {...{ stroke: accent.stroke, strokeWidth: 2, strokeLinejoin: "round" }}
    />
  </svg>
);

export const JobsDrawing = () => (
  <svg width="176" height="104" viewBox="0 0 176 104" aria-hidden="true">
    <g {...line}>
      <rect x="26" y="18" width="124" height="16" rx="8" />
      <rect x="26" y="44" width="124" height="16" rx="8" />
      <rect x="26" y="70" width="124" height="16" rx="8" />
    </g>
    <path d="M34 26h84M34 52h44M34 78h104" {...accent} strokeWidth="4" />
  </svg>
);

export const LiveDrawing = () => (
  <svg width="176" height="104" viewBox="0 0 176 104" aria-hidden="true">
    <g {...line}>
      <path d="M60 80a40 40 0 0 1 0-56M116 24a40 40 0 0 1 0 56" />
      <path d="M42 96a64 64 0 0 1 0-88M134 8a64 64 0 0 1 0 88" strokeDasharray="4 7" />
      <path d="M88 66v30M74 96h28" />
    </g>
    <circle cx="88" cy="52" r="14" fill="var(--page)" {...{ stroke: accent.stroke, strokeWidth: 2 }} />
    <circle cx="88" cy="52" r="5" {...accent} />
  </svg>
);
