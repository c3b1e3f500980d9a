export const generateKeys = {
  models: ["models"] as const,
  estimate: (projectId: string, version: number) => ["project-estimate", projectId, version] as const,
};
