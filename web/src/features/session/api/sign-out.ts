import { useMutation } from "@tanstack/react-query";
import { signOut } from "@/gen";
import { unwrap } from "@/lib/api";

export const useSignOut = () => useMutation({ mutationFn: () => unwrap(signOut()) });
