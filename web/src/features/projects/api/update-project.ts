import { changeProject, type ProjectChanges } from "@/gen";
import { answer, ifMatch } from "@/lib/api";

/** 412 `version_mismatch` when *version* is not the newest; its body carries `current`. */
export const updateProject = (id: string, version: number, change: ProjectChanges, keepalive = false) =>
  answer(changeProject({ path: { project_id: id }, body: change, headers: ifMatch(version), keepalive }));
