import { ActionIcon, Button, Menu, Tabs } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { EditableTitle } from "@/components/EditableTitle";
import { BackIcon, DownloadIcon, LinkIcon, LockIcon, MoreIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { PendingPage } from "@/components/PendingPage";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import { commentsQuery } from "@/features/comments/api/list-comments";
import { ownDesk } from "@/features/comments/api/own-desk";
import { marksOf } from "@/features/comments/marks";
import { useCommentKey } from "@/features/comments/use-comment-key";
import { refreshLibrary } from "@/features/library/api/bulk";
import { markWatched, notePosition } from "@/features/library/api/watch";
import { ShareDialog } from "@/features/shares/components/ShareDialog";
import type { Video } from "@/gen";
import { copyText } from "@/lib/clipboard";
import { clock } from "@/lib/format";
import { useOnceOpened, useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { createPlayback } from "@/player/create-playback";
import { LazyPlayer } from "@/player/LazyPlayer";
import { renditionsQuery } from "@/player/list-renditions";
import { linkAt } from "@/player/start-time";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { videoQuery } from "../api/get-video";
import { chaptersQuery } from "../api/list-chapters";
import { useUpdateVideo } from "../api/update-video";
import { factsLine, ORIGINS } from "../words";
import { ActivityTab } from "./ActivityTab";
import { ChapterList } from "./ChapterList";
import { DeleteVideosDialog } from "./DeleteVideosDialog";
import { DetailsTab } from "./DetailsTab";
import { KeptBadge } from "./KeptBadge";
import { MakeRenditionsButton } from "./MakeRenditionsButton";
import { NotReady } from "./NotReady";
import { TechnicalTab } from "./TechnicalTab";
import styles from "./VideoPage.module.css";

const CaptionsTab = lazy(() => loadPart(() => import("@/features/captions/components/CaptionsTab")));
const PosterDialog = lazy(() => loadPart(() => import("@/features/library/components/PosterDialog")));
const OrganizeDialog = lazy(() => loadPart(() => import("@/features/library/components/OrganizeDialog")));

export function VideoPage() {
  const { videoId } = useParams({ from: "/inside/videos/$videoId" });
  const { data: video, error, refetch } = useQuery(videoQuery(videoId));
  useTitle(video?.title ?? (error ? "Not found" : "Video"));
  if (video) return <Loaded key={video.id} video={video} />;
  return (
    <PendingPage
      title="Video"
      error={error}
      onRetry={() => void refetch()}
      lead={<BackToLibrary />}
      missing="This video doesn't exist. It may have been deleted."
      home={{ to: "/library", label: "Go to library" }}
    >
      <div className={styles.page}>
        <div className={styles.screen}>
          <Skeleton style={{ aspectRatio: "16 / 9", height: "auto" }} />
        </div>
        <div className={styles.side}>
          <Skeleton w={320} />
        </div>
      </div>
    </PendingPage>
  );
}

/** The aspect ratio as a number, for the layout. */
const shape = ({ width, height }: Video): number => (width && height ? width / height : 16 / 9);

const BackToLibrary = () => (
  <ActionIcon component={Link} to="/library" size={32} aria-label="Back to library">
    <BackIcon />
  </ActionIcon>
);

const CommentsPanel = lazy(() => loadPart(() => import("@/features/comments/components/CommentsPanel")));
const TABS = ["captions", "comments", "technical", "activity"];

function Loaded({ video }: { video: Video }) {
  const { tab, t } = useSearch({ from: "/inside/videos/$videoId" });
  const navigate = useNavigate();
  const update = useUpdateVideo(video.id);
  const { data: renditions } = useQuery({ ...renditionsQuery(video.id), enabled: video.state === "ready" });
  const { data: chapters } = useQuery({ ...chaptersQuery(video.id), enabled: video.state === "ready" });
  const desk = useMemo(() => ownDesk(video.id), [video.id]);
  const { data: comments } = useQuery({ ...commentsQuery(desk), enabled: video.state === "ready" });
  const marks = useMemo(() => marksOf(comments), [comments]);
  const [beginning, setBeginning] = useState(false);
  const ladder = renditions?.items.some((item) => item.kind === "rendition" && item.state === "ready") ?? false;
  const [deleting, setDeleting] = useState(false);
  const [posing, setPosing] = useState(false);
  const [filing, setFiling] = useState(false);
  const posed = useOnceOpened(posing);
  const filed = useOnceOpened(filing);
  const client = useQueryClient();
  const mark = (watched: boolean) =>
    void markWatched(video.id, watched).then(() => {
      say(watched ? "Marked as watched" : "Marked as not watched");
      refreshLibrary(client);
    }, showProblem("Couldn't change this"));
  const [sharing, setSharing] = useState(tab === "share" && video.state === "ready");
  const show = (wanted?: string) => void navigate({ to: ".", search: { t, tab: wanted }, replace: true });
  const player = useRef<PlayerHandle>(null);
  const beginComment = () => {
    setBeginning(true);
    show("comments");
  };
  useCommentKey(beginComment, video.state === "ready" && tab !== "comments");
  const [now, setNow] = useState(0); // the player's time when the menu or the dialog opened
  const copyLink = async () => {
    if (await copyText(linkAt(`/videos/${video.id}`, now)))
      say(now >= 1 ? `Copied the link at ${clock(now)}` : "Copied the link");
  };
  const rename = (title: string) =>
    update.mutate({ title, version: video.version }, { onError: showProblem("Couldn't save the title") });
  const keep = (keep: boolean) =>
    update.mutate({ keep, version: video.version }, { onError: showProblem("Couldn't change this") });
  const download = () =>
    void createPlayback(video.id, { download: true, ttl_s: 3600 }).then(
      ({ path }) => window.location.assign(path),
      showProblem("Couldn't start the download"),
    );
  return (
    <>
      <PageHeader title={<EditableTitle value={video.title} label="Title" onSave={rename} />} lead={<BackToLibrary />}>
        {video.state === "ready" && (
          <Button
            leftSection={<LinkIcon size={16} />}
            onClick={() => {
              setNow(player.current?.time() ?? 0);
              setSharing(true);
            }}
          >
            Share
          </Button>
        )}
        {video.state === "ready" && (
          <Button variant="default" leftSection={<DownloadIcon size={16} />} onClick={download}>
            Download
          </Button>
        )}
        <Menu position="bottom-end" onOpen={() => setNow(player.current?.time() ?? 0)}>
          <Menu.Target>
            <ActionIcon size={36} aria-label="More">
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<LinkIcon size={16} />} onClick={() => void copyLink()}>
              {now >= 1 ? `Copy link at ${clock(now)}` : "Copy link to this page"}
            </Menu.Item>
            {video.state === "ready" && <Menu.Item onClick={() => setPosing(true)}>Choose poster</Menu.Item>}
            <Menu.Item onClick={() => mark(!video.watch?.watched)}>
              {video.watch?.watched ? "Mark as not watched" : "Mark as watched"}
            </Menu.Item>
            <Menu.Item onClick={() => setFiling(true)}>Organize</Menu.Item>
            <Menu.Item leftSection={<LockIcon size={16} />} onClick={() => keep(!video.keep)}>
              {video.keep ? "Allow retention to delete" : "Keep from retention"}
            </Menu.Item>
            <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => setDeleting(true)}>
              Delete video
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page} data-tab={tab} style={{ "--shape": shape(video) } as React.CSSProperties}>
        <div className={styles.screen}>
          {video.state === "ready" ? (
            <LazyPlayer
              ref={player}
              videoId={video.id}
              startAt={t}
              resumeKey={video.id}
              left={video.watch ? video.watch.position_s || null : undefined}
              onLeave={(seconds) => notePosition(video.id, seconds)}
              audio={video.streamed_track}
              severalAudio={video.audio_tracks.filter(({ silent }) => !silent).length > 1}
              ladder={ladder}
              label={video.title}
              codec={video.video_codec}
              help={<MakeRenditionsButton videoId={video.id} />}
              poster={video.poster_url}
              width={video.width}
              height={video.height}
              fps={video.fps}
              storyboard={video.storyboard_url}
              chapters={chapters?.items}
              comments={marks}
            />
          ) : (
            <NotReady video={video} onDelete={() => setDeleting(true)} />
          )}
        </div>
        <div className={styles.side}>
          <div className={styles.facts}>
            <StateBadge state={video.state} />
            {factsLine(video).map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
            <span>
              {ORIGINS[video.origin].word} <RelativeTime time={video.created_at} />
            </span>
            {video.keep && <KeptBadge word />}
          </div>
          {chapters && chapters.items.length > 0 && (
            <ChapterList chapters={chapters.items} onSeek={(seconds) => player.current?.seek(seconds)} />
          )}
          <Tabs
            className={styles.tabs}
            value={tab && TABS.includes(tab) ? tab : "details"}
            onChange={(value) => show(value === "details" ? undefined : (value ?? undefined))}
          >
            <Tabs.List>
              <Tabs.Tab value="details">Details</Tabs.Tab>
              {video.state === "ready" && <Tabs.Tab value="captions">Captions</Tabs.Tab>}
              {video.state === "ready" && (
                <Tabs.Tab value="comments">Comments{marks.length > 0 && ` (${marks.length})`}</Tabs.Tab>
              )}
              <Tabs.Tab value="technical">Technical</Tabs.Tab>
              <Tabs.Tab value="activity">Activity</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="details" pt={16}>
              <DetailsTab video={video} />
            </Tabs.Panel>
            {tab === "captions" && video.state === "ready" && (
              <Tabs.Panel value="captions" pt={16}>
                <Suspense fallback={<Skeleton h={180} />}>
                  <CaptionsTab video={video} player={player} />
                </Suspense>
              </Tabs.Panel>
            )}
            {video.state === "ready" && (
              <Tabs.Panel value="comments" pt={16}>
                <Suspense fallback={<Skeleton h={120} />}>
                  <CommentsPanel desk={desk} player={() => player.current} begin={beginning} />
                </Suspense>
              </Tabs.Panel>
            )}
            <Tabs.Panel value="technical" pt={16}>
              <TechnicalTab video={video} />
            </Tabs.Panel>
            <Tabs.Panel value="activity" pt={16}>
              <ActivityTab videoId={video.id} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
      <ShareDialog video={video} opened={sharing} now={now} onClose={() => setSharing(false)} />
      <Suspense>
        {posed && <PosterDialog video={video} opened={posing} now={now} onClose={() => setPosing(false)} />}
        {filed && <OrganizeDialog videoIds={filing ? [video.id] : null} onClose={() => setFiling(false)} />}
      </Suspense>
      <DeleteVideosDialog
        videos={deleting ? [video] : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: "/library" })}
      />
    </>
  );
}
