import type { ClipInput, Project } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

/** Put the whole ordered list of clips; 412 as for a change of the project. */
export const replaceClips = (id: string, version: number, clips: ClipInput[], keepalive = false) =>
  call<Project>("PUT", urls.projectClips(id), { body: clips, ifMatch: version, keepalive });
