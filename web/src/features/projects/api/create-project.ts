import { type ClipInput, createProject as request } from "@/gen";
import { unwrap } from "@/lib/api";

export const createProject = (title: string, clips: ClipInput[] = []) => unwrap(request({ body: { title, clips } }));
