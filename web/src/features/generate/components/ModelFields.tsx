import { Button, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import type { GenerationModel, Prompt } from "@/gen";
import { modelsQuery } from "../api/list-models";
import { modelGroups, modelKey, modelOf, withModel } from "../parameters";
import styles from "./generate.module.css";
import { InputFields } from "./InputFields";
import { ParameterFields } from "./ParameterFields";

type Props = {
  prompt: Prompt;
  /** The clip has another one before it, whose frames can be used. */
  follows: boolean;
  onChange: (prompt: Prompt, merge?: string) => void;
};

/** Model, parameters and files of a prompt. */
export function ModelFields({ prompt, follows, onChange }: Props) {
  const { data: models, error, refetch } = useQuery(modelsQuery);
  if (error && !models) return <ErrorNote error={error} onRetry={() => void refetch()} compact />;
  if (!models) return <Skeleton h={58} />;
  const model = modelOf(prompt, models);
  const choose = (key: string | null) => {
    const chosen = models.items.find((each) => modelKey(each) === key);
    if (chosen) onChange(withModel(prompt, chosen));
  };
  return (
    <>
      <Select
        label="Model"
        data={modelGroups(models.items, model)}
        value={model ? modelKey(model) : null}
        placeholder={prompt.model ?? "Choose a model"}
        description={model && `Price: ${model.price?.words ?? "unknown"}`}
        error={whyNot(prompt, model)}
        searchable={models.items.length > 8}
        onChange={choose}
      />
      {model?.retired && <Retired model={model} models={models.items} onChoose={choose} />}
      {model && (
        <>
          <ParameterFields
            parameters={model.parameters}
            values={prompt.parameters ?? {}}
            onChange={(parameters, merge) => onChange({ ...prompt, parameters }, merge)}
          />
          <InputFields
            rules={model.inputs}
            inputs={prompt.inputs ?? []}
            follows={follows}
            onChange={(inputs) => onChange({ ...prompt, inputs })}
          />
        </>
      )}
    </>
  );
}

function whyNot(prompt: Prompt, model: GenerationModel | undefined): string | undefined {
  if (!model) return prompt.model ? `${prompt.model} is not known here. Choose another model.` : undefined;
  return model.available ? undefined : `${model.provider} is not set up. Choose another model, or set it up.`;
}

type RetiredProps = { model: GenerationModel; models: readonly GenerationModel[]; onChoose: (key: string) => void };

function Retired({ model, models, onChoose }: RetiredProps) {
  const next = models.find(({ provider, name }) => provider === model.provider && name === model.replaced_by);
  return (
    <div className={styles.error} role="alert">
      <Text className="small">{model.title || model.name} is retired.</Text>
      {next && (
        <Button size="xs" variant="default" onClick={() => onChoose(modelKey(next))}>
          Use {next.title || next.name}
        </Button>
      )}
    </div>
  );
}
