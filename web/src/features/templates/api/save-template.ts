import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeTemplate, createTemplate, removeTemplate, type TemplateChanges, type TemplateInput } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { templateKeys } from "./keys";

export function useCreateTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TemplateInput) => unwrap(createTemplate({ body })),
    onSuccess: (made) => {
      client.setQueryData(templateKeys.one(made.id), made);
      void client.invalidateQueries({ queryKey: templateKeys.all });
    },
  });
}

/** A change under the version that was edited. */
export function useChangeTemplate(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...body }: TemplateChanges & { version: number }) =>
      unwrap(changeTemplate({ path: { template_id: id }, body, headers: ifMatch(version) })),
    onSuccess: (changed) => {
      client.setQueryData(templateKeys.one(id), changed);
      void client.invalidateQueries({ queryKey: templateKeys.all });
    },
  });
}

export function useRemoveTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => void (await unwrap(removeTemplate({ path: { template_id: id } }))),
    onSuccess: () => client.invalidateQueries({ queryKey: templateKeys.all }),
  });
}
