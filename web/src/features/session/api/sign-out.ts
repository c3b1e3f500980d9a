import { useMutation } from "@tanstack/react-query";
import { signOut } from "@/gen";
import { answer } from "@/lib/api";

export const useSignOut = () => useMutation({ mutationFn: () => answer(signOut()) });
