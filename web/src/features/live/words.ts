import type { Channel, Recording, Window } from "@/gen";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const DAY_WORDS = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as const;

export const dayWord = (day: (typeof WEEKDAYS)[number]): string => DAY_WORDS[day];

/** `Mon–Fri 18:00–02:00`, `daily 18:00–23:00`. */
export function windowWords({ weekdays = [], start, end }: Window): string {
  const hours = start === end ? "all day" : `${start}–${end}`;
  return `${daysWords(weekdays)} ${hours}`;
}

function daysWords(days: readonly (typeof WEEKDAYS)[number][]): string {
  const chosen = WEEKDAYS.filter((day) => days.includes(day));
  if (chosen.length === 0 || chosen.length === 7) return "daily";
  const [first, last] = [WEEKDAYS.indexOf(chosen[0]!), WEEKDAYS.indexOf(chosen.at(-1)!)];
  const inRow = last - first === chosen.length - 1 && chosen.length > 2;
  return inRow ? `${dayWord(chosen[0]!)}–${dayWord(chosen.at(-1)!)}` : chosen.map(dayWord).join(", ");
}

/** The state of a channel in the words of the badges. */
export function channelState(channel: Channel): string {
  if (!channel.enabled) return "disabled";
  if (channel.error) return "errored";
  return channel.live_state;
}

/** The state of a recording in the words of the badges: while it records, its health where that is not well. */
export function recordingState({ state, health }: Recording): string {
  if (state !== "recording" || health === "receiving") return state;
  return health === "starting" ? "starting" : health;
}

const PLATFORMS: Record<Channel["platform"], string> = { twitch: "Twitch", site: "Web page", url: "Stream" };

export const platformWord = (platform: Channel["platform"]): string => PLATFORMS[platform];

const STOPS: Record<string, string> = {
  requested: "Stopped by hand",
  offline: "The broadcast ended",
  schedule: "The schedule closed",
  disk_full: "The disk was full",
  channel_deleted: "The channel was removed",
};

/** Why a recording ended; null while it goes on. */
export const stopWords = (reason: string | null): string | null => (reason ? (STOPS[reason] ?? reason) : null);
