"""The registry of log events: every name that a log line of ours has, what it means and which fields it carries.

Names are ``snake_case`` in the past tense; ``request`` and ``transfer`` are the two access lines. Fields mean the same
in every event: ``detail`` is a sentence of ours, ``error`` is the text of a foreign exception, ``*_id`` refers to a
row, and a unit is part of the name. A line may carry fewer fields than listed. Bound context is added by itself:
``request_id`` within a request; ``job_id``, ``kind`` and ``attempt`` within a job, ``part`` within a part of one.
"""

from typing import NamedTuple


class Event(NamedTuple):
    """A log event: one sentence of meaning, and its fields."""

    meaning: str
    fields: str = ""


EVENTS = {
    # requests
    "request": Event(
        "A request was answered, or its client left first (status 499).",
        "method route path video status head_s duration_s size_bytes principal request_id",
    ),
    "request_failed": Event("A request ended in an error that is not the caller's.", "code fault detail"),
    "request_crashed": Event("A request ended in an unexpected exception.", "path"),
    "after_commit_failed": Event("Work that follows a commit failed; the request's answer stands."),
    "idempotency_leases_not_renewed": Event("Leases of running idempotent requests were not renewed.", "code detail"),
    # accounts
    "sign_in_failed": Event("An email and password were rejected.", "user_id address"),
    "share_password_rejected": Event("The password of a share link was rejected.", "share_id address"),
    "last_use_not_written": Event("The time of last use of a credential was not written.", "credential_id detail"),
    # delivery
    "transfer": Event(
        "A response with media bytes ended.",
        "transfer request_id video kind viewer client outcome status size_bytes expected_bytes duration_s",
    ),
    "store_read_failed": Event("The store ended a read in the middle of a response.", "transfer error"),
    "store_circuit_changed": Event("The circuit breaker of a store opened or closed.", "store state retry_after_s"),
    "store_read_resumed": Event("A broken read of the store was continued.", "key at_bytes end_bytes error"),
    "media_bytes_not_found": Event(
        "A file of a video is missing or has the wrong size in the store.", "key size_bytes found_bytes"
    ),
    "connections_refused": Event("Connections above the limit were closed.", "times limit hint"),
    "connections_delayed": Event("Connections waited because no file descriptor was free.", "times hint"),
    "share_views_not_written": Event("Counted views of shares were not written.", "shares detail"),
    "watched_videos_not_written": Event("Videos that are being watched were not noted.", "videos detail"),
    # uploads and videos
    "upload_completed": Event("An upload became a video.", "upload_id video_id size_bytes"),
    "upload_not_extended": Event("The expiry of an upload was not moved after new bytes.", "upload_id code"),
    "upload_leases_not_checked": Event("Requests that write uploads were not checked for a newer one.", "code detail"),
    "recording_deleted": Event("A recording was deleted with its parts.", "recording_id user_id video_id"),
    "video_deleted": Event("A video was deleted.", "video_id actor reason size_bytes"),
    "image_deleted": Event("An image was deleted.", "image_id actor"),
    "video_trashed": Event("A video was moved to the trash.", "video_id actor reason"),
    "video_restored": Event("A video was taken out of the trash.", "video_id user_id"),
    "deletion_failed": Event("Objects of a deleted row were not removed; retried later.", "prefix code detail"),
    "disk_low": Event(
        "Free space was under its floor, and retention made room.", "free_bytes floor_bytes freed_bytes detail"
    ),
    "index_rebuilt": Event("A cached MP4 index was unusable and was built again.", "sha256 error"),
    "index_not_stored": Event("An MP4 index was not cached.", "key error"),
    # watch folders
    "watch_folder_unreadable": Event("A watch folder cannot be read, or its owner does not exist.", "folder detail"),
    "watch_file_unreadable": Event("A file of a watch folder was not imported.", "folder name detail"),
    "watch_file_imported": Event("A file of a watch folder became a video.", "folder name video_id"),
    "watch_file_not_removed": Event("An imported file of a watch folder was not removed.", "folder name error"),
    # pictures and renditions
    "poster_failed": Event("A video got no poster.", "video_id code detail"),
    "embedded_captions_unreadable": Event("A text track of an upload was left out.", "video_id track code detail"),
    "still_failed": Event("A storyboard or animated preview was not generated.", "video_id name code detail"),
    "stills_not_requested": Event("The job for missing stills was not recorded.", "video_id kind code detail"),
    "stills_child_wrote": Event("The process that decodes stills wrote to its stderr.", "pid lines"),
    "thumbnail_failed": Event("A frame could not be read as a thumbnail.", "video_id at_s code detail"),
    "thumbnail_not_deleted": Event("An old thumbnail was not deleted; retried later.", "key code detail"),
    "rendition_not_copied": Event(
        "The video of a file could not be copied into an MP4; it is encoded instead.", "video_id name code detail"
    ),
    "rendition_not_deleted": Event(
        "Bytes of a rendition were not deleted; retried later.", "video_id name code detail"
    ),
    "pieces_not_deleted": Event("Rendered pieces were not deleted; the next sweep does.", "job_id prefix code detail"),
    # reels
    "stitch_planned": Event("A stitch was planned.", "summary missing"),
    "reel_rejoined": Event("Clips were re-encoded after a copied join failed.", "clips detail round"),
    "mp4_survey_failed": Event("A clip was read by decoding, since its MP4 index was unusable.", "video_id detail"),
    # HLS sources and shipping
    "segment_not_fetched": Event("A segment of an HLS source could not be had; it is a gap.", "sequence detail"),
    "recording_not_shipped": Event(
        "A recording was not shipped to the store; it follows when the store answers.", "recording_id detail"
    ),
    # recordings
    "capture_started": Event("A capture began to connect to its source.", "recording_id capture_id lane"),
    "part_not_read": Event(
        "A part of a recording cannot be read; it stays in a folder `unread_...` beside the recordings.",
        "recording_id capture_id",
    ),
    "capture_ended": Event("A capture ended; the recording goes on.", "recording_id capture_id why detail size_bytes"),
    "capture_failed": Event("A capture ended with an exception.", "recording_id error"),
    "capture_not_opened": Event("A source could not be opened; it is tried again.", "recording_id lane code detail"),
    "recording_interrupted": Event("A recording has received nothing for a while and keeps trying.", "recording_id"),
    "recording_ended": Event("A recording ended.", "recording_id reason size_bytes duration_s gaps"),
    "recording_disk_low": Event("Free space for recordings is low; retention is asked for room.", "free_bytes"),
    "recording_room_not_made": Event("Retention did not make room for a recording.", "error"),
    "recording_status_not_written": Event("The rows of running recordings were not updated.", "error"),
    # detection
    "channel_went_live": Event("A broadcast of a channel began.", "channel_id broadcast_id detected_by"),
    "broadcast_ended": Event("A broadcast ended: its grace window is over.", "channel_id broadcast_id"),
    "eventsub_challenge_answered": Event("Twitch verified the webhook of a subscription.", "topic"),
    "eventsub_revoked": Event("Twitch revoked a subscription; it is created again.", "topic status"),
    "eventsub_subscribed": Event("A subscription to events of Twitch was created.", "topic"),
    "eventsub_not_subscribed": Event("Twitch refused a subscription.", "topic detail"),
    "eventsub_unsubscribed": Event("A subscription that is dead or not wanted was deleted.", "topic status"),
    "eventsub_session_moved": Event("The WebSocket to Twitch moved to another server as requested."),
    "conduit_shard_assigned": Event("The shard of the conduit was given to the current session.", "conduit_id"),
    "detection_failed": Event("A loop of detection failed and is started again.", "loop code detail again_in_s"),
    # live
    "recording_resumed": Event("A recording whose job was gone got a new one.", "recording_id state"),
    "recording_not_restored": Event(
        "What another host recorded was not brought here; it is tried again.", "recording_id detail"
    ),
    "recording_not_fetched": Event(
        "What another host has shipped could not be read for its viewers; it is tried again.", "recording_id detail"
    ),
    # jobs
    "job_started": Event("An attempt of a job began.", "worker"),
    "job_succeeded": Event("A job succeeded."),
    "job_failed": Event("A job failed.", "code detail"),
    "job_abandoned": Event("An attempt ended because its job was canceled or taken over."),
    "part_failed": Event("A part of a job failed.", "detail"),
    "part_abandoned": Event("A part ended because its job was canceled or the part was taken over."),
    "step_retried": Event("A step of a job failed and is retried.", "step tries error"),
    "job_not_submitted": Event("A recorded job was not queued; the reconciler does it later.", "job_id detail error"),
    "next_job_not_submitted": Event("The job that waited for another was not queued.", "after detail"),
    "job_reconciled": Event("The state of a job was corrected after the engine's.", "job_id kind state engine"),
    "job_not_reconciled": Event("A job was skipped by the reconciler.", "job_id kind"),
    "reconciliation_failed": Event("A pass of the reconciler failed.", "detail error"),
    "queue_poll_failed": Event("The job queues were not asked for work; retried.", "error"),
    "engine_cancel_failed": Event("The job engine was not notified of a cancellation.", "job_id detail"),
    "progress_not_written": Event("The progress of a job was not written.", "job_id detail"),
    "part_progress_not_read": Event("The progress of a job's parts was not read.", "job_id detail"),
    "watched_jobs_not_read": Event("Jobs with open event streams were not read.", "error"),
    "jobs_not_counted": Event("Jobs were not counted for the metrics.", "error"),
    "scratch_not_removed": Event("A scratch folder was not removed.", "folder error"),
    # generations
    "generation_sent": Event("A request was sent to a provider.", "generation_id provider model"),
    "generation_confirmed": Event("A provider took a request.", "generation_id reference"),
    "generation_delayed": Event(
        "A provider asked to wait, or cannot be reached; the request is sent later.", "generation_id code detail wait_s"
    ),
    "submit_outcome_unknown": Event(
        "A request was sent and not answered; it is looked for before anything else.", "generation_id detail"
    ),
    "generation_found": Event("A request whose answer was lost was found at the provider.", "generation_id reference"),
    "generation_not_found_at_provider": Event(
        "A request whose answer was lost never arrived; it is sent again.", "generation_id"
    ),
    "generation_not_looked_for": Event("A provider could not be asked for a request.", "generation_id code detail"),
    "generation_not_polled": Event(
        "A provider could not be asked for a state; it is asked again.", "generation_id code detail"
    ),
    "generation_not_canceled": Event("A provider did not take a cancellation.", "generation_id code detail"),
    "generation_deadline_passed": Event("A request ran past its deadline; it is canceled.", "generation_id"),
    "generation_ended": Event("A generation ended.", "generation_id state code"),
    "generation_resumed": Event("A generation without a job got a new one.", "generation_id state"),
    "provider_not_opened": Event("The settings of a provider are wrong; it is tried again.", "provider code detail"),
    "result_not_fetched": Event("A result could not be fetched; it is tried again.", "generation_id error received"),
    "result_not_stored": Event("A result could not be read or stored; it is tried again.", "error"),
    "result_of_canceled_not_kept": Event(
        "A canceled request succeeded, and its result was lost.", "generation_id detail"
    ),
    "cost_not_learned": Event("What a generation cost is not known.", "generation_id"),
    "callback_received": Event("A provider reported on a request.", "generation_id provider"),
    "callback_not_ours": Event("A callback names another request.", "generation_id reference"),
    "callbacks_not_read": Event("Rows were not asked for callbacks; retried.", "detail"),
    # notifications
    "delivery_failed": Event("An attempt at a webhook delivery failed.", "delivery_id webhook_id status attempts"),
    "webhook_disabled": Event(
        "A webhook was disabled: its endpoint is gone or failed for days.", "webhook_id reason detail"
    ),
    # processes
    "server_started": Event("The server accepts requests.", "url data"),
    "server_stopped_with_parent": Event("A server process stopped because its parent was gone.", "parent"),
    "worker_started": Event("A worker accepts jobs.", "worker media_slots"),
    "worker_stop_requested": Event("A worker takes no more jobs and finishes.", "worker"),
    "worker_stopped_with_parent": Event("A worker stopped because its server was gone.", "parent"),
    "worker_exit_not_recorded": Event("A worker stopped without removing its row.", "error"),
    "worker_declared_dead": Event("The heartbeat of a worker stopped; its jobs are taken over.", "worker"),
    "jobs_requeued": Event("Jobs of a dead worker were queued again.", "worker jobs"),
    "worker_failure_not_reported": Event("The reason why a worker did not start was not recorded.", "error"),
    "worker_death_not_reported": Event("The death of a worker was not recorded.", "error"),
    "worker_death_not_withdrawn": Event("The recorded death of a worker was not removed.", "error"),
    "process_died": Event("A supervised process ended by itself and is restarted.", "process exit_code again_in_s"),
    "process_killed": Event("A supervised process ignored the request to stop.", "process after_s"),
    "failure_detector_failed": Event("A pass of the failure detector failed.", "error"),
    "database_lost": Event("The database stopped answering; jobs wait.", "detail error"),
    "database_recovered": Event("The database answers again; jobs continue.", "away_s"),
    "sweep_failed": Event("A periodic cleanup failed.", "sweep error"),
    "peer_query_failed": Event("Another process of this server did not answer.", "question error"),
    "peer_answer_failed": Event("A question of another process of this server was not answered.", "question error"),
    "low_descriptor_limit_found": Event("The limit of open files is low for a server.", "limit hint"),
    "descriptor_limit_not_raised": Event("The soft limit of open files was not raised.", "limit error"),
    "service_links_ignored": Event("Variables of Kubernetes service links were ignored as settings.", "variables"),
}
