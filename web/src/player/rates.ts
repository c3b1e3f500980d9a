/** Playback rates, for the menu and the keys. */
export const RATES: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export const rateName = (rate: number): string => `${rate}×`;
