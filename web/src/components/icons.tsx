/** Line icons, 20 by 20, in the text color. */
import type { ReactNode, SVGProps } from "react";

type IconProps = SVGProps<SVGSVGElement> & { size?: number };

/** A component that draws an icon. */
export const icon = (name: string, drawing: ReactNode) => {
  // biome-ignore lint/correctness/noComponentHookFactories: it runs once per icon, as the module is loaded
  const Icon = ({ size = 18, ...rest }: IconProps) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      {drawing}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
};

export const LibraryIcon = icon(
  "LibraryIcon",
  <>
    <rect x="2.5" y="3" width="6.5" height="6" rx="1.2" />
    <rect x="11" y="3" width="6.5" height="6" rx="1.2" />
    <rect x="2.5" y="11" width="6.5" height="6" rx="1.2" />
    <rect x="11" y="11" width="6.5" height="6" rx="1.2" />
  </>,
);
export const ProjectsIcon = icon(
  "ProjectsIcon",
  <>
    <path d="M2 13.5h4.5v4H2zM8 13.5h10v4H8z" />
    <path d="M8.8 2.5h5L12 5.2V11" />
    <path d="M8.8 2.5 10.6 5.2V11" />
  </>,
);
export const JobsIcon = icon(
  "JobsIcon",
  <>
    <path d="M3 5h14M3 10h14M3 15h14" />
    <path d="M3 5h8M3 10h4M3 15h11" strokeWidth="3" />
  </>,
);
export const SystemIcon = icon(
  "SystemIcon",
  <>
    <path d="M3 6h6M13 6h4M3 14h3M10 14h7" />
    <circle cx="11" cy="6" r="2" />
    <circle cx="8" cy="14" r="2" />
  </>,
);
export const SearchIcon = icon(
  "SearchIcon",
  <>
    <circle cx="8.8" cy="8.8" r="5.3" />
    <path d="m13 13 4 4" />
  </>,
);
export const UploadIcon = icon(
  "UploadIcon",
  <>
    <path d="M10 13V3.5M6 7.2l4-3.9 4 3.9" />
    <path d="M3.5 13v2.5a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5V13" />
  </>,
);
export const DownloadIcon = icon(
  "DownloadIcon",
  <>
    <path d="M10 3.5V13M6 9.3l4 3.9 4-3.9" />
    <path d="M3.5 13v2.5a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5V13" />
  </>,
);
export const PlusIcon = icon("PlusIcon", <path d="M10 4v12M4 10h12" />);
export const CloseIcon = icon("CloseIcon", <path d="m5 5 10 10M15 5 5 15" />);
export const CheckIcon = icon("CheckIcon", <path d="m4 10.5 4 4 8-9" />);
export const CheckCircleIcon = icon(
  "CheckCircleIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="m6.8 10.3 2.3 2.2 4.1-4.6" />
  </>,
);
export const ClockIcon = icon(
  "ClockIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4.2l2.6 1.6" />
  </>,
);
export const RunIcon = icon("RunIcon", <path d="M10 3a7 7 0 1 1-6.6 4.7" />);
export const StaleIcon = icon(
  "StaleIcon",
  <>
    <path d="M16.6 8A7 7 0 0 0 4 6.4L3 8M3.4 12A7 7 0 0 0 16 13.6l1-1.6" />
    <path d="M3 4v4h4M17 16v-4h-4" />
  </>,
);
export const ErrorIcon = icon(
  "ErrorIcon",
  <>
    <path d="M10 2.8 18 16.8H2z" />
    <path d="M10 8v4M10 14.4v.1" />
  </>,
);
export const StopIcon = icon(
  "StopIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="m5.2 14.8 9.6-9.6" />
  </>,
);
export const DraftIcon = icon("DraftIcon", <circle cx="10" cy="10" r="7" strokeDasharray="2.6 2.6" />);
export const PlayIcon = icon("PlayIcon", <path d="M6 3.8v12.4L16 10z" />);
export const PauseIcon = icon("PauseIcon", <path d="M6.5 4v12M13.5 4v12" strokeWidth="2.4" />);
export const MoreIcon = icon(
  "MoreIcon",
  <>
    <circle cx="4.5" cy="10" r="1.2" fill="currentColor" />
    <circle cx="10" cy="10" r="1.2" fill="currentColor" />
    <circle cx="15.5" cy="10" r="1.2" fill="currentColor" />
  </>,
);
export const TrashIcon = icon(
  "TrashIcon",
  <>
    <path d="M3.5 5.5h13M8 5.5V3.2h4v2.3M5 5.5l.8 11.3h8.4L15 5.5" />
    <path d="M8.4 8.8v4.8M11.6 8.8v4.8" />
  </>,
);
export const LockIcon = icon(
  "LockIcon",
  <>
    <rect x="4.5" y="9" width="11" height="8" rx="1.5" />
    <path d="M7 9V6.2a3 3 0 0 1 6 0V9" />
  </>,
);
export const CopyIcon = icon(
  "CopyIcon",
  <>
    <rect x="7" y="7" width="10" height="10" rx="1.6" />
    <path d="M13 4.4A1.4 1.4 0 0 0 11.6 3H4.4A1.4 1.4 0 0 0 3 4.4v7.2A1.4 1.4 0 0 0 4.4 13" />
  </>,
);
export const LinkIcon = icon(
  "LinkIcon",
  <>
    <path d="m8.3 11.7 3.4-3.4" />
    <path d="M9.2 5.8 11 4a3.5 3.5 0 0 1 5 5l-1.8 1.8M10.8 14.2 9 16a3.5 3.5 0 0 1-5-5l1.8-1.8" />
  </>,
);
export const EditIcon = icon("EditIcon", <path d="M12.8 4.2 15.8 7.2 7 16H4v-3z" />);
export const RetryIcon = icon(
  "RetryIcon",
  <>
    <path d="M16.5 8.2A6.8 6.8 0 1 0 16.8 11" />
    <path d="M17 3.8v4.6h-4.6" />
  </>,
);
export const UserIcon = icon(
  "UserIcon",
  <>
    <circle cx="10" cy="7" r="3.3" />
    <path d="M3.8 17a6.3 6.3 0 0 1 12.4 0" />
  </>,
);
export const KeyIcon = icon(
  "KeyIcon",
  <>
    <circle cx="6.8" cy="13.2" r="3.4" />
    <path d="m9.3 10.7 6.9-6.9M13.6 6.4l2.3 2.3" />
  </>,
);
export const ChevronIcon = icon("ChevronIcon", <path d="m7.5 4.5 5.5 5.5-5.5 5.5" />);
export const DownIcon = icon("DownIcon", <path d="m4.5 7.5 5.5 5.5 5.5-5.5" />);
export const BackIcon = icon("BackIcon", <path d="M16 10H4.5M9 5.5 4.5 10 9 14.5" />);
export const ReelIcon = icon(
  "ReelIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <circle cx="10" cy="10" r="1.2" />
    <circle cx="10" cy="6" r="1.2" />
    <circle cx="13.6" cy="12" r="1.2" />
    <circle cx="6.4" cy="12" r="1.2" />
  </>,
);
export const RecordIcon = icon(
  "RecordIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <circle cx="10" cy="10" r="3" fill="currentColor" />
  </>,
);
export const LiveIcon = icon(
  "LiveIcon",
  <>
    <circle cx="10" cy="10" r="2" fill="currentColor" />
    <path d="M6.4 13.6a5 5 0 0 1 0-7.2M13.6 6.4a5 5 0 0 1 0 7.2M3.8 16.2a8.8 8.8 0 0 1 0-12.4M16.2 3.8a8.8 8.8 0 0 1 0 12.4" />
  </>,
);
export const SparkIcon = icon(
  "SparkIcon",
  <path d="M10 2.5 11.8 8.2 17.5 10l-5.7 1.8L10 17.5l-1.8-5.7L2.5 10l5.7-1.8z" />,
);
export const VideoIcon = icon(
  "VideoIcon",
  <>
    <rect x="2.5" y="4" width="15" height="12" rx="1.6" />
    <path d="M6 4v12M14 4v12M2.5 8H6M2.5 12H6M14 8h3.5M14 12h3.5" />
  </>,
);
export const OfflineIcon = icon(
  "OfflineIcon",
  <path d="M2.5 8a11 11 0 0 1 5-2.6M17.5 8a11 11 0 0 0-5.5-2.7M5.5 11.3A7 7 0 0 1 8 9.8M14.5 11.3a7 7 0 0 0-1.8-1.2M10 15h.1M3 3l14 14" />,
);
export const QuestionIcon = icon(
  "QuestionIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M8 8.2a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3M10 13.8v.1" />
  </>,
);
export const InfoIcon = icon(
  "InfoIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9v5M10 6.3v.1" />
  </>,
);
