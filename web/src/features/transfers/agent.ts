const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/(?:Chrome|Chromium|CriOS)\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari\//, "Safari"],
  [/^Lavf\/(\d+)/, "ffmpeg (Lavf)"],
  [/^(?:VLC|LibVLC)\/(\d+)/i, "VLC"],
];

/** The short name of a User-Agent header: `Firefox 140`, `curl 8.5.0`. */
export function agentWord(header: string | null): string {
  if (!header) return "Unknown client";
  for (const [pattern, name] of KNOWN) {
    const found = pattern.exec(header);
    if (found) return `${name} ${found[1]}`;
  }
  const [name, version] = (header.split(/\s/)[0] ?? header).split("/");
  return [name, version].filter(Boolean).join(" ").slice(0, 40);
}
