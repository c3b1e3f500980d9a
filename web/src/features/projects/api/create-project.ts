import type { ClipInput, Project } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export const createProject = (title: string, clips: ClipInput[] = []) => call<Project>("POST", urls.projects, { body: { title, clips } });
