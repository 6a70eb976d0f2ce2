import type { PackageMirror } from "../../components/core/config/schema";

/** Sources that images bring beside the list that cloud-init writes; hosts without a way out would wait for them in vain. */
const IMAGE_SOURCES = ["debian.sources", "ubuntu.sources"].map((name) => `/etc/apt/sources.list.d/${name}`);

/**
 * cloud-init's keys that make apt take packages from a mirror (cc_apt_configure). The mirror holds the distribution's own
 * repositories, so apt verifies them by the keys that the image has: whoever runs the mirror need not be trusted.
 */
export const packageSources = (mirror: PackageMirror | undefined) =>
  mirror
    ? {
        bootcmd: [["cloud-init-per", "once", "nodewright-sources", "rm", "-f", ...IMAGE_SOURCES]],
        keys: {
          apt: {
            preserve_sources_list: false,
            primary: [{ arches: ["default"], uri: mirror.main }],
            security: [{ arches: ["default"], uri: mirror.security }],
          },
        },
      }
    : { bootcmd: [], keys: {} };
