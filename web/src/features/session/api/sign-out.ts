import { useMutation } from "@tanstack/react-query";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export const useSignOut = () => useMutation({ mutationFn: () => call<void>("DELETE", urls.session) });
