import type { Share } from "@/gen";

/** Whether a share link is still valid. */
export const isGood = (share: Share, now = Date.now()): boolean =>
  !share.revoked_at && (!share.expires_at || new Date(share.expires_at).getTime() > now);
