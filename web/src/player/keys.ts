/** What the keys of a player do, for the lists that tell it. */
export const PLAYER_KEYS: readonly (readonly [key: string, does: string])[] = [
  ["Space, K", "Play or pause"],
  ["← →", "Back, forward 5 s"],
  ["J L", "Back, forward 10 s"],
  [", .", "One frame back, on"],
  ["0 – 9", "Jump to 0 – 90 %"],
  ["< >", "Slower, faster"],
  ["↑ ↓", "Volume"],
  ["M", "Mute"],
  ["C", "Captions, where there are some"],
  ["F", "Full screen"],
  ["I", "Picture in picture, where there is a button for it"],
];
