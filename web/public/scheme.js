// Runs before the first paint, so that the page never flashes in the other scheme.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem("playhead-scheme");
  } catch (_) {
    /* storage is off: follow the system */
  }
  var light = kept === "light" || (kept !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", light ? "light" : "dark");
})();
