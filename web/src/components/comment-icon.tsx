import { icon } from "./icons";

/** In a file of its own: the frame of the first load has no use for it. */
export const CommentIcon = icon("CommentIcon", <path d="M4 4.5h12v9H9l-3.5 3v-3H4z" />);
