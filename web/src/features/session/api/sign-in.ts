import { useMutation } from "@tanstack/react-query";
import { signIn } from "@/gen";
import { unwrap } from "@/lib/api";

export const useSignIn = () =>
  useMutation({ mutationFn: (body: { email: string; password: string }) => unwrap(signIn({ body })) });
