import { api, got } from "@/api/client";
import type { Attachment } from "./api";

/** Lists the files of a case, oldest first. */
export async function listAttachments(id: string): Promise<Attachment[]> {
  return (await got(api.GET("/api/v1/cases/{id}/attachments", { params: { path: { id } } }))).items;
}

/** Attaches a file as it is. */
export async function attach(id: string, file: File): Promise<Attachment> {
  const call = api.POST("/api/v1/cases/{id}/attachments", {
    params: { path: { id }, query: { name: file.name } },
    body: file as unknown as string,
    bodySerializer: (body: unknown) => body as BodyInit,
    headers: { "Content-Type": "application/octet-stream" },
  });
  return got(call);
}

/** Tells how a file can be shown inside the page, if it can. */
export function previewKind(file: Pick<Attachment, "media_type">): "image" | "audio" | "video" | undefined {
  const [kind, form] = file.media_type.split("/");
  if (kind === "image" && ["png", "jpeg", "gif", "webp"].includes(form ?? "")) return "image";
  if (kind === "audio" || kind === "video") return kind;
  return undefined;
}

/** Writes a size as people read it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
