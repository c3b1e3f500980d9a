const KEY = "playhead-library-view";

export type View = "grid" | "list";

/** How the library was shown last in this browser. */
export function keptView(): View {
  try {
    return localStorage.getItem(KEY) === "list" ? "list" : "grid";
  } catch {
    return "grid"; // storage is disabled
  }
}

export function keepView(view: View): void {
  try {
    localStorage.setItem(KEY, view);
  } catch {
    // the next visit begins with the grid
  }
}
