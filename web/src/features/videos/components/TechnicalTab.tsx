import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "@/components/CopyButton";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import type { Rendition, Technical, Video } from "@/gen";
import { bytes, qualityName } from "@/lib/format";
import { renditionsQuery } from "@/player/list-renditions";
import { technicalQuery } from "../api/get-technical";
import * as words from "../technical";
import { RenditionList } from "./RenditionList";
import styles from "./VideoPage.module.css";

/** Technical details as `ffprobe` reports them, and the renditions of the video. */
export function TechnicalTab({ video }: { video: Video }) {
  const ready = video.state === "ready";
  const { data, error, refetch } = useQuery({ ...technicalQuery(video.id), enabled: ready });
  const { data: made } = useQuery({ ...renditionsQuery(video.id), enabled: ready });
  const renditions = made?.items.filter(({ kind, state }) => kind !== "download" && state === "ready") ?? [];
  return (
    <>
      {error && !data && <ErrorNote error={error} compact onRetry={() => void refetch()} />}
      {ready && !data && !error && <Skeleton h={260} />}
      {data && <Tracks facts={data} />}
      <h2 className={styles.part}>File</h2>
      <dl className={styles.table}>
        {data && (
          <>
            <dt>Container</dt>
            <dd>{data.container}</dd>
          </>
        )}
        {data && (
          <>
            <dt>Length</dt>
            <dd>{data.duration_s.toFixed(3)} s</dd>
          </>
        )}
        <dt>Size</dt>
        <dd>
          {bytes(video.size_bytes)} ({video.size_bytes.toLocaleString("en")} bytes)
        </dd>
        {data && (
          <>
            <dt>Bit rate</dt>
            <dd>{words.bitrate(data.bitrate) ?? "–"}</dd>
          </>
        )}
        <dt>SHA-256</dt>
        <dd>
          <span className="mono">{video.sha256}</span>
          <CopyButton value={video.sha256} label="Copy checksum" />
        </dd>
        {ready && (
          <>
            <dt>Delivery</dt>
            <dd>{delivery(renditions)}</dd>
          </>
        )}
        {video.remarks.length > 0 && (
          <>
            <dt>Remarks</dt>
            <dd className={styles.notes}>
              {video.remarks.map((remark) => (
                <span key={remark}>{remark}</span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {ready && <RenditionList video={video} />}
    </>
  );
}

function Tracks({ facts: { video, audio_tracks: audioTracks } }: { facts: Technical }) {
  return (
    <>
      <h2 className={styles.part}>Video track</h2>
      <dl className={styles.table} data-track={video.track}>
        <dt>Codec</dt>
        <dd>{words.videoCodec(video)}</dd>
        <dt>Frame size</dt>
        <dd>{words.frameSize(video)}</dd>
        <dt>Frame rate</dt>
        <dd>{words.rateWords(video)}</dd>
        <dt>Keyframes</dt>
        <dd>{words.keyframeWords(video)}</dd>
        <dt>Pixels</dt>
        <dd>{words.pixels(video)}</dd>
        <dt>Color</dt>
        <dd>{words.colorWords(video)}</dd>
        <dt>Bit rate</dt>
        <dd>{words.bitrate(video.bitrate) ?? "–"}</dd>
      </dl>
      <h2 className={styles.part}>{audioTracks.length > 1 ? `Audio tracks (${audioTracks.length})` : "Audio track"}</h2>
      {audioTracks.length === 0 && <p className="dim">None. This video has no audio.</p>}
      <dl className={styles.table}>
        {audioTracks.map((track) => (
          <div key={track.track} className={styles.pair} data-track={track.track}>
            <dt>
              Track {track.track}
              {track.played && audioTracks.length > 1 && <div className={styles.played}>Played</div>}
            </dt>
            <dd className={styles.notes}>
              <span>{words.audioWords(track)}</span>
              {words.labels(track) && <span className="dim">{words.labels(track)}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function delivery(renditions: readonly Rendition[]): string {
  const names = renditions.map(({ width, height, codec }) => qualityName(width, height, codec));
  return `Signed URLs: the original file with byte ranges${names.length ? `, or a stream (HLS) with ${names.join(", ")}` : ""}`;
}
