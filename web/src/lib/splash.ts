/** Take away the frame that the page's own HTML shows before the first of our pages stands in its place. */
export function endSplash(): void {
  document.getElementById("splash")?.remove();
}
