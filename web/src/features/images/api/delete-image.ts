import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteImage } from "@/gen";
import { unwrap } from "@/lib/api";
import { imageKeys } from "./keys";

export function useDeleteImage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(deleteImage({ path: { image_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: imageKeys.all }),
  });
}
