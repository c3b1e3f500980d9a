import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { showProblem } from "@/components/toast";
import type { Project } from "@/gen";
import { useCell } from "@/lib/cell";
import { projectKeys } from "../api/keys";
import { ProjectEditor } from "./project-editor";

/** The editor of the open project, for as long as the component is mounted. */
export function useProjectEditor(project: Project): ProjectEditor {
  const client = useQueryClient();
  const [editor] = useState(
    () =>
      new ProjectEditor(project, (saved) => {
        client.setQueryData(projectKeys.one(saved.id), saved);
        // A pending list was read before this save, and invalidating a first load joins it instead of repeating it.
        void client
          .cancelQueries({ queryKey: projectKeys.all })
          .then(() => client.invalidateQueries({ queryKey: projectKeys.all }));
      }),
  );
  useEffect(() => editor.receive(project), [editor, project]);
  useEffect(() => {
    window.addEventListener("pagehide", editor.leave);
    window.addEventListener("online", editor.retrySave);
    return () => {
      window.removeEventListener("pagehide", editor.leave);
      window.removeEventListener("online", editor.retrySave);
      editor.leave();
    };
  }, [editor]);
  const { saving, problem } = useCell(editor.state);
  useEffect(() => {
    if (saving === "failed" && problem && problem.status !== 0 && problem.status < 500)
      showProblem("Not saved")(problem);
  }, [saving, problem]);
  return editor;
}
