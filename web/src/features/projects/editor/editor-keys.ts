import { useEffect } from "react";
import { isTyping } from "@/lib/typing";
import type { ProjectEditor } from "./project-editor";

/** I and O trim the clip to the playhead; Ctrl + Z and Shift + Ctrl + Z undo and redo. */
export function useEditorKeys({
  editor,
  onMark,
}: {
  editor: ProjectEditor;
  onMark: (end: "in" | "out") => void;
}): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector("[aria-modal='true']")) return;
      const key = event.key.toLowerCase();
      const control = event.ctrlKey || event.metaKey;
      if (control && (key === "z" || key === "y")) {
        event.preventDefault();
        if (key === "y" || event.shiftKey) editor.redo();
        else editor.undo();
      } else if (!control && !event.altKey && (key === "i" || key === "o")) {
        event.preventDefault();
        onMark(key === "i" ? "in" : "out");
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [editor, onMark]);
}
