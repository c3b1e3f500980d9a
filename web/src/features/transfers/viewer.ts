/** The name of a viewer: a user's email, others by the end of an id. */
export function viewerWord(viewer: string, names: ReadonlyMap<string, string>): string {
  if (viewer === "link") return "Signed link";
  if (viewer.startsWith("usr_")) return names.get(viewer) ?? "User";
  if (viewer.startsWith("key_")) return `API key ${viewer.slice(-6)}`;
  if (viewer.startsWith("shr_")) return `Share link ${viewer.slice(-6)}`;
  return viewer;
}
