import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes an image's own files below a folder. Modes are set outright: folder and files become the image's, and a
 * machine's umask must not.
 */
export async function writeOverlay(folder: string, files: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    for (let parent = dirname(target); parent.length >= folder.length; parent = dirname(parent)) {
      await chmod(parent, 0o755);
    }
    await writeFile(target, content);
    await chmod(target, 0o644);
  }
}
