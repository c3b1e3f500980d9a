import { problemOf } from "@/lib/problem";
import { urls } from "@/lib/urls";

/** Take back an unfinished upload (tus termination); one that is gone already is fine. */
export async function discardUpload(id: string): Promise<void> {
  const response = await fetch(urls.upload(id), { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
  if (!response.ok && response.status !== 404 && response.status !== 410) throw await problemOf(response);
}
