import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Choice } from "@/features/generate/choice";
import { ImagePicker } from "@/features/images/components/ImagePicker";
import type { Image, Prompt } from "@/gen";
import { useCell } from "@/lib/cell";
import { useOnceOpened } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import type { ClipActions } from "../editor/clip-actions";
import { clipFromImage } from "../editor/draft";
import type { ProjectEditor } from "../editor/project-editor";
import type { Adding } from "./AddButtons";
import { LibraryPicker } from "./LibraryPicker";
import { DeleteProjectDialog } from "./ProjectsPage";

const PromptsDialog = lazy(() => loadPart(() => import("@/features/generate/components/PromptsDialog")));
const GenerateDialog = lazy(() => loadPart(() => import("@/features/generate/components/GenerateDialog")));
const SaveTemplateDialog = lazy(() => loadPart(() => import("@/features/templates/components/SaveTemplateDialog")));

export type Opened = Adding | "generate" | "template" | "delete";

type Props = {
  opened: Opened | null;
  onClose: () => void;
  editor: ProjectEditor;
  choices: readonly Choice[];
  onAdded: (add: (actions: ClipActions) => void) => void;
};

const picked = ({ id, title, width, height, thumbnail_url }: Image) => ({
  id,
  title,
  width,
  height,
  url: thumbnail_url,
});

/** The dialogs of a project, one at a time; the large ones are loaded when they are first opened. */
export function ProjectDialogs({ opened, onClose, editor, choices, onAdded }: Props) {
  const navigate = useNavigate();
  const { draft, version } = useCell(editor.state);
  const one = useOnceOpened(opened === "prompt");
  const several = useOnceOpened(opened === "prompts");
  const generate = useOnceOpened(opened === "generate");
  const addPrompts = (prompts: Prompt[]) => onAdded((actions) => actions.addPrompts(prompts));
  const project = { id: editor.projectId, title: draft.title };
  return (
    <>
      <LibraryPicker
        opened={opened === "videos"}
        onClose={onClose}
        onPick={(videos) => onAdded((actions) => actions.add(videos))}
      />
      <ImagePicker
        opened={opened === "image"}
        onClose={onClose}
        onPick={(image) => onAdded((actions) => actions.insert([clipFromImage(picked(image))]))}
      />
      <Suspense>
        {one && <PromptsDialog many={false} opened={opened === "prompt"} onClose={onClose} onAdd={addPrompts} />}
        {several && <PromptsDialog many opened={opened === "prompts"} onClose={onClose} onAdd={addPrompts} />}
        {generate && (
          <GenerateDialog
            opened={opened === "generate"}
            choices={choices}
            source={editor}
            version={version}
            onClose={onClose}
          />
        )}
        {opened === "template" && <SaveTemplateDialog opened project={project} onClose={onClose} />}
      </Suspense>
      <DeleteProjectDialog
        project={opened === "delete" ? project : null}
        onClose={onClose}
        onDeleted={() => void navigate({ to: "/projects" })}
      />
    </>
  );
}
