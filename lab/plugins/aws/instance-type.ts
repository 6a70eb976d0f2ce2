/** Families that EC2 sells; the sizes follow one pattern. https://aws.amazon.com/ec2/instance-types/ */
const FAMILIES = new Set(
  (
    "t2 t3 t3a t4g m4 m5 m5a m5ad m5d m5n m5dn m5zn m6a m6g m6gd m6i m6id m6in m6idn m7a m7g m7gd m7i m7i-flex " +
    "m8g m8gd m8i m8i-flex m8a c4 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex " +
    "c8g c8gd c8gn c8i c8i-flex c8a r4 r5 r5a r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6in r6idn r7a r7g r7gd " +
    "r7i r7iz r8g r8gd r8i r8i-flex r8a x1 x1e x2gd x2idn x2iedn x2iezn x8g i3 i3en i4g i4i i7i i7ie i8g i8ge " +
    "im4gn is4gen d2 d3 d3en h1 z1d hpc6a hpc6id hpc7a hpc7g g4dn g5 g6 g6e p4d p5 u7i-12tb"
  ).split(" "),
);
const SIZE = /^(nano|micro|small|medium|large|xlarge|\d{1,3}xlarge|metal|metal-\d{1,3}xl)$/;

export function isInstanceType(text: string): boolean {
  const [family = "", size = "", ...rest] = text.split(".");
  return rest.length === 0 && FAMILIES.has(family) && SIZE.test(size);
}
