export const retentionKeys = {
  all: ["retention"] as const,
  state: ["retention", "state"] as const,
  policies: ["retention", "policies"] as const,
  plan: ["retention", "plan"] as const,
  runs: ["retention", "runs"] as const,
  history: ["retention", "history"] as const,
};
