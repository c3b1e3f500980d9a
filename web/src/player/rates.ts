/** The speeds of a player, for its menu and its keys alike. */
export const RATES: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export const rateName = (rate: number): string => `${rate}×`;
