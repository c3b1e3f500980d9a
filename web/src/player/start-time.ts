/** Parse the start time of a link: `90`, `90.5`, `90s`, `1m30s`, `1h2m3s`, `1:30`. Null for anything else. */
export function parseStart(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== "string") return null;
  const text = value.trim().toLowerCase();
  const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$/.exec(text);
  const units = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7}(?:\.\d+)?)s?)?$/.exec(text);
  const parts = text === "" ? null : (clock ?? units);
  if (!parts) return null;
  const [h, m, s] = parts.slice(1).map((part) => Number(part ?? 0));
  return (h ?? 0) * 3600 + (m ?? 0) * 60 + (s ?? 0);
}

/** The URL of a page with a start time in whole seconds. */
export function linkAt(address: string, seconds: number): string {
  const url = new URL(address, window.location.origin);
  const whole = Math.floor(seconds);
  if (whole > 0) url.searchParams.set("t", String(whole));
  else url.searchParams.delete("t");
  return url.href;
}
