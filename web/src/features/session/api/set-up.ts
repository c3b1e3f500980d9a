import { useMutation } from "@tanstack/react-query";
import type { User } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export type FirstAdmin = { token: string; email: string; password: string; name?: string };

export const useSetUp = () => useMutation({ mutationFn: (body: FirstAdmin) => call<User>("POST", urls.setup, { body }) });
