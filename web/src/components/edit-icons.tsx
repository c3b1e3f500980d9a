/** The icons of the editor, loaded with it. */
import { icon } from "./icons";

export const UndoIcon = icon(
  "UndoIcon",
  <>
    <path d="M7.5 4 3.8 7.7l3.7 3.7" />
    <path d="M4 7.7h8a4.3 4.3 0 0 1 0 8.6H8.5" />
  </>,
);
export const RedoIcon = icon(
  "RedoIcon",
  <>
    <path d="m12.5 4 3.7 3.7-3.7 3.7" />
    <path d="M16 7.7H8a4.3 4.3 0 0 0 0 8.6h3.5" />
  </>,
);
export const GripIcon = icon(
  "GripIcon",
  <path d="M7.5 5v.1M12.5 5v.1M7.5 10v.1M12.5 10v.1M7.5 15v.1M12.5 15v.1" strokeWidth="2.4" />,
);
export const UpArrowIcon = icon("UpArrowIcon", <path d="M10 16V4.5M5.5 9 10 4.5 14.5 9" />);
export const DownArrowIcon = icon("DownArrowIcon", <path d="M10 4v11.5M5.5 11l4.5 4.5 4.5-4.5" />);
export const ReplaceIcon = icon(
  "ReplaceIcon",
  <>
    <path d="M3 7h12M11.5 3.5 15 7l-3.5 3.5" />
    <path d="M17 13H5M8.5 9.5 5 13l3.5 3.5" />
  </>,
);
export const StitchIcon = icon(
  "StitchIcon",
  <>
    <path d="M3 6v8M17 6v8" />
    <path d="M3 10h3M8.5 10h3M14 10h3" />
    <path d="M7.2 7.5v5M12.8 7.5v5" />
  </>,
);
export const InIcon = icon(
  "InIcon",
  <>
    <path d="M8.5 3H5v14h3.5" />
    <path d="M9 10h7" />
  </>,
);
export const OutIcon = icon(
  "OutIcon",
  <>
    <path d="M11.5 3H15v14h-3.5" />
    <path d="M11 10H4" />
  </>,
);
export const DuplicateIcon = icon(
  "DuplicateIcon",
  <>
    <rect x="7" y="7" width="10" height="10" rx="1.6" />
    <path d="M13 4.4A1.4 1.4 0 0 0 11.6 3H4.4A1.4 1.4 0 0 0 3 4.4v7.2A1.4 1.4 0 0 0 4.4 13M12 9.8v4.4M9.8 12h4.4" />
  </>,
);
