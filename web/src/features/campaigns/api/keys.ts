export const campaignKeys = {
  all: ["campaigns"] as const,
  one: (id: string) => ["campaign", id] as const,
  estimate: (id: string) => ["campaign-estimate", id] as const,
};
