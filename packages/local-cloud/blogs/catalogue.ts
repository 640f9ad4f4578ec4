/** Host names of the sample blogs. Each is a folder beside this file, except `gone`, which no longer has anything. */
export const BLOGS = [
  "almanac",
  "bakery",
  "broken",
  "garden",
  "gone",
  "kernelnotes",
  "lighthouse",
  "microposts",
  "oldtimer",
  "radio",
  "tokyo",
] as const;

export type BlogName = (typeof BLOGS)[number];

export const BLOG_HOSTS: readonly string[] = BLOGS.map((blog) => `${blog}.blogs.test`);
