import { useMutation } from "@tanstack/react-query";
import { signIn } from "@/gen";
import { answer } from "@/lib/api";

export const useSignIn = () =>
  useMutation({ mutationFn: (body: { email: string; password: string }) => answer(signIn({ body })) });
