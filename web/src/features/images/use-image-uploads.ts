import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { imageKeys } from "./api/keys";
import { uploadImage } from "./api/upload-image";

export type ImageUpload = { id: number; name: string; error?: unknown };

let made = 0;

/** Uploads of images, one after the other; the ones that failed stay with their reason until they are dismissed. */
export function useImageUploads() {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<readonly ImageUpload[]>([]);
  const dismiss = (id: number) => setUploads((before) => before.filter((upload) => upload.id !== id));
  const add = async (files: readonly File[]) => {
    const added = files.map((file) => ({ id: ++made, name: file.name, file }));
    setUploads((before) => [...before, ...added.map(({ id, name }) => ({ id, name }))]);
    for (const { id, file } of added) {
      try {
        await uploadImage(file);
        await client.invalidateQueries({ queryKey: imageKeys.all });
        dismiss(id);
      } catch (error) {
        setUploads((before) => before.map((upload) => (upload.id === id ? { ...upload, error } : upload)));
      }
    }
  };
  return { uploads, add, dismiss };
}
