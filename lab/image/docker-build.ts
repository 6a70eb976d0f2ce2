import type Docker from "dockerode";
import { UserError } from "../../components/core/config/finding";
import type { ImageRecipe } from "./recipe";

/** The recipe as a Dockerfile, for a machine that cannot make a Debian system but reaches an image registry. Pure. */
export function dockerfileOf({ base, packages, excluded, steps, start, files }: ImageRecipe): string {
  const exclude = excluded.map((pattern) => `path-exclude=${pattern}\\n`).join("");
  const install = `apt-get update && apt-get install --yes --no-install-recommends ${packages.join(" ")}`;
  return [
    `FROM ${base}`,
    "ENV DEBIAN_FRONTEND=noninteractive",
    `RUN printf '${exclude}' > /etc/dpkg/dpkg.cfg.d/nodewright && ${install}`,
    ...Object.keys(files).map((path) => `COPY overlay${path} ${path}`),
    ...steps.map((step) => `RUN ${JSON.stringify(step)}`),
    "ENV DEBIAN_FRONTEND=",
    ...start,
    "",
  ].join("\n");
}

/**
 * Builds the image inside the daemon. `context` holds the Dockerfile and the recipe's files below `overlay`.
 * Needs an image registry and a Debian mirror that the daemon's machine can reach.
 */
export async function buildInDocker(
  docker: Docker,
  { recipe, tag, context, progress, signal }: DockerBuild,
): Promise<void> {
  const src = ["Dockerfile", ...Object.keys(recipe.files).map((path) => `overlay${path}`)];
  // The labs' own daemon has no default network for the steps to run in.
  const options = { t: tag, networkmode: "host", forcerm: true, ...(signal ? { abortSignal: signal } : {}) };
  try {
    await follow(docker, await docker.buildImage({ context, src }, options), progress);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new UserError(
      `the host image could not be built from ${recipe.base}: ${cause instanceof Error ? cause.message : cause}. ` +
        "Remedy: give Docker a way to an image registry and to a Debian mirror, or run this as root on Debian or Ubuntu.",
    );
  }
}

export interface DockerBuild {
  recipe: ImageRecipe;
  tag: string;
  context: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

interface DaemonEvent {
  stream?: string;
  error?: string;
}

/** Reads a daemon's progress to its end. Throws what the daemon reports as an error, which comes with status 200. */
export const follow = (
  docker: Docker,
  stream: NodeJS.ReadableStream,
  progress: (line: string) => void,
): Promise<void> =>
  new Promise((resolve, reject) =>
    docker.modem.followProgress(
      stream,
      (cause: Error | null, events: DaemonEvent[] = []) => {
        const error = cause ?? events.find((event) => event.error)?.error;
        if (error) reject(error instanceof Error ? error : new Error(error));
        else resolve();
      },
      (event: DaemonEvent) => {
        const line = event.stream?.trim();
        if (line) progress(line);
      },
    ),
  );
