import { useMutation } from "@tanstack/react-query";
import type { User } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export const useSignIn = () =>
  useMutation({ mutationFn: (body: { email: string; password: string }) => call<{ user: User }>("POST", urls.session, { body }) });
