export const webhookKeys = {
  all: ["webhooks"] as const,
  types: ["webhook-types"] as const,
  deliveries: (id: string) => ["webhooks", id, "deliveries"] as const,
  delivery: (id: string, delivery: string) => ["webhooks", id, "deliveries", delivery] as const,
};
