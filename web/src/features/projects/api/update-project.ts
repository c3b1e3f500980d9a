import type { Project, ProjectSettings } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export type ProjectChange = { title?: string; settings?: ProjectSettings };

/** 412 `version_mismatch` when *version* is not the newest; its body carries `current`. */
export const updateProject = (id: string, version: number, change: ProjectChange, keepalive = false) =>
  call<Project>("PATCH", urls.project(id), { body: change, ifMatch: version, keepalive });
