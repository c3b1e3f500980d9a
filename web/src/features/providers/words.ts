import type { GenerationProvider } from "@/gen";

/** The state of a provider for its badge. */
export const stateOf = (provider: GenerationProvider): string =>
  !provider.enabled
    ? "disabled"
    : !provider.configured
      ? "keyless"
      : provider.last_test && !provider.last_test.works
        ? "failing"
        : "ready";

/** Where the key of a provider comes from, in words. */
export function keyWords(provider: GenerationProvider): string {
  if (provider.key === "environment") return `From ${provider.key_env ?? "the environment"}`;
  return { kept: "Kept encrypted", missing: "Missing", none: "Not needed" }[provider.key];
}

/** The host of an address, for a line. */
export function hostOf(url: string | null): string {
  if (!url) return "This machine";
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
