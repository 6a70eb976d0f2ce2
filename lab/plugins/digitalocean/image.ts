import { CloudError, type CloudFunction } from "../cloud/cloud-type";
import { numberOf, textOf } from "../cloud/known";
import { CREATED_AT } from "./api";
import { isImage } from "./slugs";

/** `digitalocean:index/getImage:getImage`: one image by `id`, `name` or `slug`, exactly one of them. */
export const getImage: CloudFunction = (args) => {
  const [id, name, slug] = [numberOf(args.id), textOf(args.name), textOf(args.slug)];
  if ([id, name, slug].filter((key) => key !== undefined).length !== 1) {
    throw new CloudError("only one of `id`, `name`, `slug` must be specified");
  }
  const found = slug ?? name ?? String(id);
  if (slug !== undefined && !isImage(slug)) throw new CloudError(`image not found: "${slug}"`);
  const number = id ?? numberOfText(found);
  return {
    id: number,
    name: found,
    slug: slug ?? "",
    image: slug ?? String(number),
    type: slug === undefined ? "snapshot" : "base",
    distribution: slug?.split("-")[0] ?? "Unknown OS",
    private: slug === undefined,
    minDiskSize: 7,
    sizeGigabytes: 1,
    regions: [],
    tags: [],
    status: "available",
    errorMessage: "",
    description: found,
    created: CREATED_AT,
    ...(args.source === undefined ? {} : { source: args.source }),
  };
};

/** The same number for the same name, as an account's image keeps its own. */
function numberOfText(text: string): number {
  return 100_000_000 + [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_999_999, 7);
}
