import { icon } from "@/components/icons";

export const FolderIcon = icon(
  "FolderIcon",
  <path d="M2.5 5.5a1 1 0 0 1 1-1h4l2 2h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1z" />,
);
export const FilterIcon = icon("FilterIcon", <path d="M3 5h14M6 10h8M8.5 15h3" />);
export const RowsIcon = icon("RowsIcon", <path d="M3 5h14M3 10h14M3 15h14" />);
export const GridIcon = icon("GridIcon", <path d="M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z" />);
export const BookmarkIcon = icon("BookmarkIcon", <path d="M5 3h10v14l-5-3.5L5 17z" />);
export const EyeIcon = icon(
  "EyeIcon",
  <>
    <path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z" />
    <circle cx="10" cy="10" r="2.4" />
  </>,
);
