import { CloudError, type CloudType } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import { metadataItemProblems } from "./machine";
import { projectOf } from "./place";
import { TOKENS } from "./tokens";

/** `gcp:compute/projectMetadataItem:ProjectMetadataItem`; its id is its key. */
export const projectMetadataItem: CloudType = {
  token: TOKENS.projectMetadataItem,
  // resource_compute_project_metadata_item.go of the Terraform provider.
  forceNew: ["key", "project"],
  check: (inputs) => metadataItemProblems(textOf(inputs.key) ?? "key", inputs.value),
  create: (inputs, world) => {
    const key = String(inputs.key);
    if (!world.get(TOKENS.projectMetadataItem, key)) return;
    throw new CloudError(
      `key "${key}" already present in metadata for project "${projectOf(inputs, world)}". Import it to manage it here`,
    );
  },
  id: (inputs) => String(inputs.key),
  outputs: (_id, inputs, world) => ({ project: projectOf(inputs, world) }),
  computed: ["project"],
};
