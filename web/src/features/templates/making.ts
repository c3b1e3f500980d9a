import type { ProjectsInput } from "@/gen";

/** How projects are made from a template. */
export type Making = { aspects: NonNullable<ProjectsInput["aspects"]> };
