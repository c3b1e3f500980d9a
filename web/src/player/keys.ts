/** The player's keyboard shortcuts, as listed in dialogs. */
export const PLAYER_KEYS: readonly (readonly [key: string, does: string])[] = [
  ["Space, K", "Play / pause"],
  ["← →", "Back / forward 5 s"],
  ["J L", "Back / forward 10 s"],
  [", .", "Previous / next frame"],
  ["0 – 9", "Jump to 0–90 %"],
  ["End", "Go to live, while it records"],
  ["< >", "Slower / faster"],
  ["↑ ↓", "Volume"],
  ["M", "Mute"],
  ["C", "Captions, if available"],
  ["N", "Comment at this time, where comments are open"],
  ["F", "Full screen"],
  ["I", "Picture in picture, if available"],
];
