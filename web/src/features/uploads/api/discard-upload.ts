import { terminateUpload } from "@/gen";
import { isStatus, unwrap } from "@/lib/api";

/** Terminate an unfinished upload (tus); a missing one is fine. */
export async function discardUpload(id: string): Promise<void> {
  try {
    await unwrap(terminateUpload({ path: { upload_id: id }, headers: { "Tus-Resumable": "1.0.0" } }));
  } catch (error) {
    if (!isStatus(error, 404) && !isStatus(error, 410)) throw error;
  }
}
