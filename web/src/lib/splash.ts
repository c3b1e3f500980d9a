/** Remove the splash of the page's HTML once the first page is rendered. */
export function endSplash(): void {
  document.getElementById("splash")?.remove();
}
