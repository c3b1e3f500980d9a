import { useMutation } from "@tanstack/react-query";
import { setUp } from "@/gen";
import { unwrap } from "@/lib/api";

export type FirstAdmin = { token: string; email: string; password: string; name?: string };

export const useSetUp = () => useMutation({ mutationFn: (body: FirstAdmin) => unwrap(setUp({ body })) });
