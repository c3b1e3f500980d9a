import { useMutation, useQueryClient } from "@tanstack/react-query";
import { uploadImage } from "@/features/images/api/upload-image";
import { choosePoster, resetPoster } from "@/gen";
import { unwrap } from "@/lib/api";

type Choice = { at_s: number } | { file: File } | { automatic: true };

/** Choose the poster of a video: a frame, an image file, or the automatic one again. */
export function useChoosePoster(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (choice: Choice) => {
      const path = { video_id: id };
      if ("automatic" in choice) return unwrap(resetPoster({ path }));
      if ("at_s" in choice) return unwrap(choosePoster({ path, body: { at_s: choice.at_s } }));
      const image = await uploadImage(choice.file);
      return unwrap(choosePoster({ path, body: { image_id: image.id } }));
    },
    onSuccess: (video) => {
      client.setQueryData(["video", id], video);
      for (const queryKey of [["videos"], ["continue"], ["projects"], ["project"], ["storage"]])
        void client.invalidateQueries({ queryKey });
    },
  });
}
