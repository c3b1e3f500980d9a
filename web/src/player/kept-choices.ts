const KEY = "playhead-player";

/** What the viewer chose last, in this browser. A null quality adapts to the connection. */
export type KeptChoices = { original: boolean; quality: string | null; rate: number };

const NONE: KeptChoices = { original: false, quality: null, rate: 1 };

export function keptChoices(): KeptChoices {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<KeptChoices>;
    return {
      original: kept.original === true,
      quality: typeof kept.quality === "string" ? kept.quality : null,
      rate: typeof kept.rate === "number" && kept.rate >= 0.25 && kept.rate <= 2 ? kept.rate : 1,
    };
  } catch {
    return NONE;
  }
}

export function keepChoice(choice: Partial<KeptChoices>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...keptChoices(), ...choice }));
  } catch {
    // storage is disabled or full: it is chosen again next time
  }
}
