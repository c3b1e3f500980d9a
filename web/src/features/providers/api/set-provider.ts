import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeProvider, type GenerationProvider, type ProviderInputWritable, putProvider } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { providerKeys } from "./keys";

type Wanted = { name: string; settings: ProviderInputWritable; provider?: GenerationProvider };

/** Change the settings of a provider; a new one is added. What may be generated with changes, too. */
export function useSetProvider() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, settings, provider }: Wanted) =>
      unwrap(
        provider
          ? changeProvider({ path: { name }, body: settings, headers: ifMatch(provider.version) })
          : putProvider({ path: { name }, body: settings, headers: ifMatch(0) }),
      ),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["models"] });
      return client.invalidateQueries({ queryKey: providerKeys.all });
    },
  });
}
