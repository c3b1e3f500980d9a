import { type ClipInput, createProject as request } from "@/gen";
import { answer } from "@/lib/api";

export const createProject = (title: string, clips: ClipInput[] = []) => answer(request({ body: { title, clips } }));
