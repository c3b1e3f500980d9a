import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "@/components/CopyButton";
import type { Rendition, Video } from "@/gen";
import { bytes, codec, frameRate, qualityName } from "@/lib/format";
import { renditionsQuery } from "@/player/list-renditions";
import { RenditionList } from "./RenditionList";
import styles from "./VideoPage.module.css";

export function TechnicalTab({ video }: { video: Video }) {
  const rate = video.size_bytes && video.duration_s ? (video.size_bytes * 8) / video.duration_s : null;
  const { data } = useQuery({ ...renditionsQuery(video.id), enabled: video.state === "ready" });
  const rungs = data?.items.filter(({ kind, state }) => kind !== "download" && state === "ready") ?? [];
  return (
    <>
      <dl className={styles.table}>
        <dt>Container</dt><dd>{video.container ?? "–"}</dd>
        <dt>Picture</dt><dd>{video.width ? `${codec(video.video_codec)}, ${video.width}×${video.height}, ${frameRate(video.fps)}` : "–"}</dd>
        <dt>Sound</dt><dd>{video.state === "ready" ? codec(video.audio_codec) : "–"}</dd>
        <dt>Length</dt><dd>{video.duration_s !== null ? `${video.duration_s.toFixed(3)} s` : "–"}</dd>
        <dt>Size</dt><dd>{video.size_bytes !== null ? `${bytes(video.size_bytes)} (${video.size_bytes.toLocaleString("en")} bytes)` : "–"}</dd>
        <dt>Bit rate</dt><dd>{rate ? (rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} Mbit/s` : `${Math.round(rate / 1e3)} kbit/s`) : "–"}</dd>
        <dt>SHA-256</dt>
        <dd>{video.sha256 ? <><span className="mono">{video.sha256}</span><CopyButton value={video.sha256} label="Copy the checksum" /></> : "–"}</dd>
        <dt>Delivery</dt><dd>{delivery(rungs)}</dd>
      </dl>
      {video.state === "ready" && <RenditionList video={video} />}
    </>
  );
}

function delivery(rungs: readonly Rendition[]): string {
  const names = rungs.map(({ width, height, codec }) => qualityName(width, height, codec));
  return `By signed address: the original file in byte ranges${names.length ? `, or a stream (HLS) with ${names.join(", ")}` : ""}`;
}
