import { Modal } from "@mantine/core";
import { say } from "@/components/toast";
import type { GenerationProvider, KnownAdapter } from "@/gen";
import { useSetProvider } from "../api/set-provider";
import { ProviderForm } from "./ProviderForm";

type Props = {
  opened: boolean;
  onClose: () => void;
  known: KnownAdapter[];
  /** Providers that there are: their names are taken. */
  names: GenerationProvider[];
  /** The edited one; undefined for a new one. */
  provider?: GenerationProvider;
};

/** The dialog of a provider's settings. */
export function ProviderDialog({ opened, onClose, known, names, provider }: Props) {
  const set = useSetProvider();
  const close = () => {
    set.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={provider ? `Edit ${provider.title}` : "Add provider"} size={520}>
      <ProviderForm
        known={known}
        taken={names.filter((each) => each.has_settings).map((each) => each.name)}
        provider={provider}
        busy={set.isPending}
        error={set.error}
        onSubmit={(name, settings) =>
          set.mutate(
            { name, settings, provider },
            {
              onSuccess: () => {
                say(provider ? "Provider saved" : "Provider added");
                close();
              },
            },
          )
        }
      />
    </Modal>
  );
}
