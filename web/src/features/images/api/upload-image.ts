import { uploadImage as request } from "@/gen";
import { unwrap } from "@/lib/api";

/** Upload one image file. */
export const uploadImage = (file: File) => unwrap(request({ body: file, query: { filename: file.name } }));
