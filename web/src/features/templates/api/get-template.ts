import { queryOptions } from "@tanstack/react-query";
import { getTemplate } from "@/gen";
import { unwrap } from "@/lib/api";
import { templateKeys } from "./keys";

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: templateKeys.one(id),
    queryFn: ({ signal }) => unwrap(getTemplate({ path: { template_id: id }, signal })),
  });
