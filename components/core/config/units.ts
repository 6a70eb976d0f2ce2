import { z } from "zod";

const SIZES = { MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const;
const SIZE = /^(\d+(?:\.\d+)?) ?(MB|GB|TB)$/;

/** A size with its unit, in powers of 1024: `512 MB`, `64 GB`, `2 TB`. */
export type Size = `${number} ${keyof typeof SIZES}`;

/** A size in bytes. Throws a `RangeError` for anything but a number and a unit. */
export function bytesOf(size: string): number {
  const match = SIZE.exec(size);
  if (!match) throw new RangeError(`"${size}" is no size: write a number and MB, GB or TB, like "2 TB"`);
  return Math.round(Number(match[1]) * SIZES[match[2] as keyof typeof SIZES]);
}

export const megabytesOf = (size: string): number => Math.round(bytesOf(size) / SIZES.MB);

/** A size with its unit, `512 MB`, `2 TB`, in powers of 1024. */
export const sizeSchema = z
  .string()
  .regex(SIZE, 'is no size: write a number and MB, GB or TB, like "2 TB"')
  .transform((text) => text.replace(/(\d) ?([MGT]B)$/, "$1 $2") as Size);

/** A port, 1 to 65535. */
export const portSchema = z.number().int().min(1).max(65535);
