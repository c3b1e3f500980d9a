import type Hls from "hls.js";
import type { Level } from "hls.js";
import { type RefObject, useEffect, useRef, useState } from "react";
import { qualityName } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import { StreamSignature } from "./stream-signature";
import type { Source } from "./use-source";

const AUTO = -1;
type Quality = { level: number; name: string };

const HALF_MS = 0.0005; // browsers round times to the microsecond

type Told = {
  /** Where a stream begins that is read anew. */
  startAt: () => number;
  /** It was refused or could not be read: a new address is wanted. */
  onBroken: () => void;
  /** Nothing in it is coded as this browser knows. */
  onUnknown: () => void;
  /** A quality is wanted that it does not list: it is read anew from where it is, to find it. */
  onMore: () => void;
  /** The new address is in use, and what was played goes on. */
  onKept: () => void;
};

type Stream = {
  /** Their names, the largest first. */
  qualities: readonly string[];
  /** The one that it is held to; null: as the connection allows. */
  quality: string | null;
  pick: (quality: string | null) => void;
};

/** Feed a stream of segments to a video element. hls.js is fetched when the first stream is played. */
export function useStream(video: RefObject<HTMLVideoElement | null>, source: Source | null, listener: Told): Stream {
  const [qualities, setQualities] = useState<readonly string[]>([]);
  const [quality, setQuality] = useState<string | null>(null);
  const levels = useRef<readonly Quality[]>([]);
  const hls = useRef<Hls | null>(null);
  const told = useRef(listener);
  told.current = listener;
  const signature = useRef<StreamSignature | null>(null);
  const asked = useRef(false); // for a new address: what fails meanwhile fails for the same reason
  const spoiled = useRef(false); // only reading it anew helps
  const [reading, setReading] = useState(0);
  const wanted = useRef<string | null>(null);
  const path = source?.kind === "stream" ? source.path : null;
  const stream = path?.split("?")[0] ?? null; // the same one, whatever it is signed with
  const newest = useRef(path);
  newest.current = path;

  useEffect(() => {
    const element = video.current;
    const path = newest.current;
    if (!element || !stream || !path) return;
    let left = false;
    let own: Hls | null = null;
    let first = 0; // before it lie the pictures that a trim cut off
    const stayInside = () => {
      if (element.currentTime < first - HALF_MS) element.currentTime = first;
    };
    element.addEventListener("seeking", stayInside);
    const signed = new StreamSignature(path);
    const ask = () => {
      asked.current = true;
      told.current.onBroken();
    };
    void loadPart(() => import("hls.js")).then(({ default: Player, ErrorDetails, ErrorTypes, Events }) => {
      if (left) return;
      if (!Player.isSupported()) {
        element.src = path; // Safari plays streams by itself
        return;
      }
      own = new Player({
        enableWorker: false,
        startPosition: told.current.startAt() || -1, // where nothing is wanted, the playlist says where it begins
        backBufferLength: 60,
        maxMaxBufferLength: 60, // without it ten minutes are loaded of what is small
        xhrSetup: (request, url) => request.open("GET", signed.fresh(url), true),
      });
      hls.current = own as Hls;
      signature.current = signed;
      own.on(Events.MANIFEST_PARSED, (_, { levels: listed }) => {
        levels.current = qualitiesOf(listed);
        setQualities(levels.current.map(({ name }) => name));
        if (own) own.currentLevel = levelOf(levels.current, wanted.current);
      });
      own.on(Events.LEVEL_LOADED, (_, { details }) => void (first = details.startTimeOffset ?? 0));
      own.on(Events.LEVEL_SWITCHED, () => {
        if (element.paused) element.currentTime += 0; // a picture that stands is only decoded anew by a seek
      });
      const unknown: string[] = [
        ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR,
        ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR,
        ErrorDetails.BUFFER_ADD_CODEC_ERROR,
      ];
      let mended = false;
      own.on(Events.ERROR, (_, { fatal, type, details, response, networkDetails }) => {
        const refused = response?.code === 403;
        const askedOf = networkDetails instanceof XMLHttpRequest ? networkDetails.responseURL : "";
        if ((!fatal && !refused) || asked.current) return;
        if (fatal && unknown.includes(details)) {
          told.current.onUnknown();
        } else if (refused && signed.isOld(askedOf)) {
          own?.startLoad(); // it was asked for before the new address came
        } else if (type === ErrorTypes.MEDIA_ERROR && !mended) {
          mended = true;
          own?.recoverMediaError();
        } else {
          spoiled.current =
            type !== ErrorTypes.NETWORK_ERROR || !own?.levels.length || (refused && !signed.signs(askedOf));
          ask();
        }
      });
      own.loadSource(path);
      own.attachMedia(element);
    }, ask);
    return () => {
      left = true;
      element.removeEventListener("seeking", stayInside);
      own?.destroy();
      hls.current = null;
      signature.current = null;
      asked.current = false;
      spoiled.current = false;
      element.removeAttribute("src");
      element.load();
    };
  }, [video, stream, reading]);

  const seen = useRef({ stream, source });
  useEffect(() => {
    const before = seen.current;
    seen.current = { stream, source };
    if (!path || before.stream !== stream || before.source === source) return; // none, or just begun
    if (!hls.current || spoiled.current) return setReading((n) => n + 1);
    asked.current = false;
    signature.current?.renew(path);
    hls.current.startLoad();
    told.current.onKept();
  }, [stream, path, source]);

  const pick = (name: string | null) => {
    wanted.current = name;
    setQuality(name);
    if (!hls.current) return;
    const level = levelOf(levels.current, name);
    if (name === null || level !== AUTO) return void (hls.current.currentLevel = level);
    told.current.onMore(); // it was made after the stream was begun
    setReading((n) => n + 1);
  };
  return { qualities, quality, pick };
}

const levelOf = (levels: readonly Quality[], name: string | null): number =>
  levels.find((each) => each.name === name)?.level ?? AUTO;

function qualitiesOf(levels: readonly Level[]): Quality[] {
  const named = levels.map(({ width, height, videoCodec, uri }, level) => ({
    level,
    uri,
    side: Math.min(width, height),
    name: qualityName(width, height, videoCodec),
  }));
  const isDouble = (name: string) => named.filter((other) => other.name === name).length > 1;
  return named
    .map(({ name, uri, ...quality }) => ({
      ...quality,
      name: uri.includes("/video.m3u8") && isDouble(name) ? `${name} original` : name,
    }))
    .sort((a, b) => b.side - a.side);
}
