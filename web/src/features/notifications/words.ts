import type { Webhook } from "@/gen";
import { count } from "@/lib/format";

/** The state of a webhook for its badge. */
export const stateOf = (webhook: Webhook): string =>
  !webhook.enabled ? "disabled" : webhook.failing_since ? "failing" : "enabled";

const WHY: Record<string, string> = {
  gone: "Its endpoint responded with 410 Gone, so it was disabled.",
  failing: "It failed for days, so it was disabled.",
};

/** Why a webhook was disabled without a person. */
export const whyDisabled = (webhook: Webhook): string | undefined =>
  webhook.enabled ? undefined : WHY[webhook.disabled_by ?? ""];

export const eventsWord = (webhook: Webhook): string =>
  webhook.event_types === null
    ? "All events"
    : webhook.event_types.length <= 2
      ? webhook.event_types.join(", ")
      : count(webhook.event_types.length, "event type");

export const nameOf = (webhook: Webhook): string => webhook.description || webhook.url;
