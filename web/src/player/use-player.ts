import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { useCell } from "@/lib/cell";
import { ElementOutput } from "./element-output";
import { renditionsQuery } from "./list-renditions";
import { Player, type PlayerState, type Subject } from "./player";

type Elements = { video: RefObject<HTMLVideoElement | null>; canvas: RefObject<HTMLCanvasElement | null> };

/** The player of a subject on a media element, for as long as the component is mounted. */
export function usePlayer({ video, canvas }: Elements, subject: Subject): [Player, PlayerState] {
  const [player] = useState(() => new Player(subject));
  const state = useCell(player.state);

  // A layout effect, so that every effect finds the player connected, whatever the order of the hooks.
  useLayoutEffect(() => {
    if (!video.current || !canvas.current) return;
    return player.connect(new ElementOutput(video.current, canvas.current, player));
  }, [player, video, canvas]);
  useEffect(() => player.show(subject)); // compares by itself

  const { data, isPending } = useQuery({ ...renditionsQuery(subject.videoId), enabled: state.needsRenditions });
  const listed = state.needsRenditions && !isPending ? (data?.items ?? NONE) : null;
  useEffect(() => player.list(listed), [player, listed]);
  return [player, state];
}

const NONE = [] as const;
