/** The icons of the timeline, loaded with it. */
import { icon } from "@/components/icons";

export const SplitIcon = icon(
  "SplitIcon",
  <>
    <path d="M10 2.5v15" strokeDasharray="2 2.2" />
    <path d="M7 5.5H4.5A1.5 1.5 0 0 0 3 7v6a1.5 1.5 0 0 0 1.5 1.5H7M13 5.5h2.5A1.5 1.5 0 0 1 17 7v6a1.5 1.5 0 0 1-1.5 1.5H13" />
  </>,
);
export const MarkerIcon = icon("MarkerIcon", <path d="M5.5 3.5h9v8.2L10 16.5l-4.5-4.8z" />);
export const MagnetIcon = icon(
  "MagnetIcon",
  <path d="M4.5 3.5v6.3a5.5 5.5 0 0 0 11 0V3.5h-3.6v6.2a1.9 1.9 0 0 1-3.8 0V3.5zM4.5 6.8h3.6M11.9 6.8h3.6" />,
);
export const MinusIcon = icon("MinusIcon", <path d="M4 10h12" />);
export const FitIcon = icon(
  "FitIcon",
  <path d="M2.5 4v12M17.5 4v12M5.5 10h9M8 7.2 5.2 10 8 12.8M12 7.2l2.8 2.8-2.8 2.8" />,
);
export const MusicIcon = icon(
  "MusicIcon",
  <>
    <path d="M7.5 14.5V5l8-1.8v9.4" />
    <circle cx="5.5" cy="14.5" r="2" />
    <circle cx="13.5" cy="12.6" r="2" />
  </>,
);
export const CutIcon = icon(
  "CutIcon",
  <>
    <circle cx="5.2" cy="14.8" r="2.2" />
    <circle cx="14.8" cy="14.8" r="2.2" />
    <path d="M6.5 13 14 3.5M13.5 13 6 3.5" />
  </>,
);
export const PasteIcon = icon(
  "PasteIcon",
  <>
    <rect x="4" y="4.5" width="12" height="12.5" rx="1.6" />
    <path d="M7.5 4.5a2.5 2 0 0 1 5 0V6h-5z" />
  </>,
);
