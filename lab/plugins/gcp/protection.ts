import { CloudError, type CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";

// Since version 9 of the SDK every resource has a `deletionPolicy`, which the provider itself obeys.
const POLICIES = ["DELETE", "PREVENT", "ABANDON"];

/** The type with the provider's own rule: what says PREVENT is not deleted. */
export function withDeletionPolicy(type: CloudType): CloudType {
  return {
    ...type,
    check: (inputs) => {
      const policy = textOf(inputs.deletionPolicy);
      const isOther = policy !== undefined && !POLICIES.includes(policy);
      return [
        ...problem(isOther, "deletionPolicy", `expected one of ${POLICIES.join(", ")}, got "${policy}"`),
        ...(type.check?.(inputs) ?? []),
      ];
    },
    delete: (id, state, world) => {
      if (state.deletionPolicy === "PREVENT") {
        throw new CloudError(
          `cannot destroy ${id} without setting deletion_policy = "DELETE" and updating the resource first`,
        );
      }
      type.delete?.(id, state, world);
    },
  };
}
