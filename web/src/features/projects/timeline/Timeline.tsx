import { useRef, useState } from "react";
import { useCell } from "@/lib/cell";
import { AddButtons, type Adding } from "../components/AddButtons";
import type { ClipActions } from "../editor/clip-actions";
import { useEditorKeys } from "../editor/editor-keys";
import { markerAt, neighbour } from "../editor/markers";
import type { ProjectEditor } from "../editor/project-editor";
import type { Planned } from "../editor/use-plan";
import type { Panel, Stage } from "../editor/use-stage";
import type { TakesOf } from "../editor/use-takes";
import { ClipLane } from "./ClipLane";
import { Lanes } from "./Lanes";
import { Markers } from "./Markers";
import { Playhead } from "./Playhead";
import { Ruler } from "./Ruler";
import styles from "./Timeline.module.css";
import { Toolbar } from "./Toolbar";
import { TrimTip } from "./TrimTip";
import { useMove } from "./use-move";
import { targetsOf, useTrim } from "./use-trim";
import { PAD, useWindow } from "./use-window";
import { useZoom } from "./use-zoom";

type Props = {
  editor: ProjectEditor;
  stage: Stage;
  selection: ReadonlySet<string>;
  actions: ClipActions;
  planned: Planned;
  takesOf: TakesOf;
  fps: number;
  onAdd: (what: Adding) => void;
};

/** The timeline of a project on wide screens: ruler and markers, clips to scale, captions and music under them. */
export function Timeline({ editor, stage, selection, actions, planned, takesOf, fps, onAdd }: Props) {
  const { clips, edit } = useCell(editor.state).draft;
  const box = useRef<HTMLDivElement>(null);
  const dropLine = useRef<HTMLDivElement>(null);
  const [snaps, setSnaps] = useState(true);
  const [marker, setMarker] = useState<number | null>(null);
  const { layout: along, time } = stage;
  const { width, shown } = useWindow(box);
  const zoom = useZoom({ box, width, total: along.total, count: clips.length, playhead: time.get });
  const { scale } = zoom;
  const chosen = stage.shown?.key ?? null;
  const trim = useTrim({
    clips,
    along,
    scale,
    actions,
    targets: (own) => (snaps ? targetsOf(along, edit.markers, time.get(), own) : []),
    onPeek: stage.peek,
  });
  const move = useMove({ box, line: dropLine, along, scale, selection, actions });
  const places = [...along.placed.map(({ start }) => start), along.total, ...edit.markers.map(({ at_s }) => at_s)];
  const jump = (direction: 1 | -1, among: readonly number[] = places) => {
    const to = neighbour(among, time.get() ?? 0, direction);
    if (to !== null) stage.goTo(to);
  };
  const mark = () => {
    const at = time.get();
    if (at === null) return;
    const found = markerAt(edit.markers, at);
    if (found) setMarker(found.at_s);
    else actions.mark(at);
  };
  const snap = () => {
    setSnaps(!snaps);
    actions.say(`Snapping is ${snaps ? "off" : "on"}`);
  };
  useTimelineKeys({ stage, actions, chosen, zoom, mark, snap, jump, markers: edit.markers });
  const open = (panel: Panel, key: string | null) => {
    if (key !== null) actions.select(key);
    stage.panel.set(panel);
  };
  const { trimming } = trim;
  const trimmed = trimming && trim.along.placed.find(({ clip }) => clip.key === trimming.clip.key);
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <Toolbar
        stage={stage}
        fps={fps}
        zoom={zoom}
        snaps={snaps}
        selected={selection.size}
        onSnap={snap}
        onMark={mark}
      />
      <div className={styles.row}>
        <div ref={box} className={styles.box}>
          <div className={styles.content} style={{ width: Math.max(width, 2 * PAD + along.total * scale + 16) }}>
            <Ruler
              stage={stage}
              scale={scale}
              shown={shown}
              fps={fps}
              total={along.total}
              targets={snaps ? places : []}
              onJump={jump}
            />
            <Markers
              markers={edit.markers}
              scale={scale}
              shown={shown}
              actions={actions}
              onGo={stage.goTo}
              open={marker}
              onOpen={setMarker}
            />
            <ClipLane
              box={box}
              trim={trim}
              move={move}
              scale={scale}
              shown={shown}
              chosen={chosen}
              selection={selection}
              actions={actions}
              planned={planned}
              takesOf={takesOf}
            />
            <Lanes edit={edit} along={trim.along} scale={scale} shown={shown} onOpen={open} />
            <div ref={dropLine} className={styles.drop} hidden aria-hidden="true" />
            <Playhead box={box} time={time} scale={scale} />
            {trimming && trimmed && (
              <TrimTip
                trimming={trimming}
                left={PAD + (trimming.edge === "start" ? trimmed.start * scale + trim.shift.px : trimmed.end * scale)}
              />
            )}
          </div>
        </div>
        <AddButtons rows={false} onAdd={onAdd} />
      </div>
    </section>
  );
}

type Keys = {
  stage: Stage;
  actions: ClipActions;
  chosen: string | null;
  zoom: ReturnType<typeof useZoom>;
  mark: () => void;
  snap: () => void;
  jump: (direction: 1 | -1, among?: readonly number[]) => void;
  markers: readonly { at_s: number }[];
};

function useTimelineKeys({ stage, actions, chosen, zoom, mark, snap, jump, markers }: Keys): void {
  const times = () => markers.map(({ at_s }) => at_s);
  useEditorKeys({
    s: stage.split,
    m: mark,
    "Shift+m": () => jump(1, times()),
    "Alt+Shift+m": () => jump(-1, times()),
    "[": () => jump(-1),
    "]": () => jump(1),
    n: snap,
    "+": () => zoom.by(1.5),
    "=": () => zoom.by(1.5),
    "-": () => zoom.by(1 / 1.5),
    "Shift+z": zoom.fit,
    "Ctrl+a": actions.selectAll,
    "Ctrl+d": () => chosen && actions.duplicate(chosen),
    "Ctrl+c": () => actions.copy(chosen),
    "Ctrl+x": () => actions.cut(chosen),
    "Ctrl+v": () => actions.paste(chosen),
  });
}
