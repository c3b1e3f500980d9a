import { changeProject, type ProjectChanges } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";

/** 412 `version_mismatch` when *version* is not the newest; its body carries `current`. */
export const updateProject = (id: string, version: number, change: ProjectChanges, keepalive = false) =>
  unwrap(changeProject({ path: { project_id: id }, body: change, headers: ifMatch(version), keepalive }));
