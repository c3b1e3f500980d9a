import { CopyButton } from "@/components/CopyButton";
import type { Video } from "@/gen";
import { bytes, codec, frameRate } from "@/lib/format";
import { RenditionList } from "./RenditionList";
import styles from "./VideoPage.module.css";

export function TechnicalTab({ video }: { video: Video }) {
  const rate = video.size_bytes && video.duration_s ? (video.size_bytes * 8) / video.duration_s : null;
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
        <dt>Delivery</dt><dd>The original file by signed address, in byte ranges</dd>
      </dl>
      {video.state === "ready" && <RenditionList video={video} />}
    </>
  );
}
