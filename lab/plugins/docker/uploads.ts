import { z } from "zod";
import { type TarEntry, tarArchive } from "./tar";

const id = z.string().regex(/^\d{1,7}$/, "a numeric id (names are only known inside the container)");

export const uploadSchema = z
  .strictObject({
    file: z.string().regex(/^\/.*[^/]$/, "an absolute path of a file in the container"),
    content: z.string().optional(),
    contentBase64: z.base64().optional(),
    permissions: z
      .string()
      .regex(/^0[0-7]{3}$/, "four octal digits such as 0644")
      .optional(),
    executable: z.boolean().optional(),
    owner: id.optional(),
    group: id.optional(),
  })
  .refine((upload) => (upload.content === undefined) !== (upload.contentBase64 === undefined), {
    error: "give either content or contentBase64",
  });

type Upload = z.infer<typeof uploadSchema>;

/** The archive that puts these files into a created container, where `docker inspect` does not show them. */
export function uploadArchive(uploads: readonly Upload[]): Buffer {
  return tarArchive(uploads.map(entryOf));
}

function entryOf(upload: Upload): TarEntry {
  const content =
    upload.contentBase64 === undefined
      ? Buffer.from(upload.content ?? "")
      : Buffer.from(upload.contentBase64, "base64");
  const mode = upload.permissions
    ? Number.parseInt(upload.permissions, 8)
    : upload.executable
      ? 0o744
      : 0o644;
  return { file: upload.file, content, mode, uid: Number(upload.owner ?? 0), gid: Number(upload.group ?? 0) };
}
