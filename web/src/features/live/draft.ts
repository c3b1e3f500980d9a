import type { Channel, ChannelInput, Window } from "@/gen";

type Words = { include: string; exclude: string };

/** A channel as its form has it: lists are texts with commas. */
export type Draft = {
  url: string;
  name: string;
  enabled: boolean;
  autoRecord: boolean;
  qualities: string;
  captures: number;
  schedule: Window[];
  timeZone: string;
  filters: { title: Words; category: Words };
  template: string;
};

export function draftOf(channel?: Channel): Draft {
  const text = (part: "title" | "category"): Words => ({
    include: (channel?.filters[part]?.include ?? []).join(", "),
    exclude: (channel?.filters[part]?.exclude ?? []).join(", "),
  });
  return {
    url: channel?.url ?? "",
    name: channel?.name ?? "",
    enabled: channel?.enabled ?? true,
    autoRecord: channel?.auto_record ?? true,
    qualities: (channel?.qualities ?? ["best"]).join(", "),
    captures: channel?.captures ?? 1,
    schedule: channel?.schedule ?? [],
    timeZone: channel?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
    filters: { title: text("title"), category: text("category") },
    template: channel?.name_template ?? "",
  };
}

export function inputOf(draft: Draft): ChannelInput {
  const words = ({ include, exclude }: Words) => ({ include: listOf(include), exclude: listOf(exclude) });
  const qualities = listOf(draft.qualities);
  return {
    url: draft.url.trim(),
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    enabled: draft.enabled,
    auto_record: draft.autoRecord,
    qualities: qualities.length > 0 ? qualities : ["best"],
    captures: draft.captures,
    schedule: draft.schedule,
    time_zone: draft.timeZone.trim() || "UTC",
    filters: { title: words(draft.filters.title), category: words(draft.filters.category) },
    name_template: draft.template.trim() || null,
  };
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
