export const peopleKeys = { users: ["users"] as const, keys: ["keys"] as const };
